/** The pages for who is signed in. */
export { default as Account } from '../features/account/AccountPage';
export { default as ChangeUsername } from '../features/account/ChangeUsernamePage';
export { default as DeleteAccount } from '../features/account/DeleteAccountPage';
export { default as ChangeEmail } from '../features/emails/ChangeEmailPage';
export { default as ChangePassword } from '../features/passwords/ChangePasswordPage';
export { default as Activity } from '../features/sessions/ActivityPage';
export { default as Devices } from '../features/sessions/DevicesPage';
