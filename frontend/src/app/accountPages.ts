/** The pages that require a sign-in, bundled together because they link to each other. */
export { default as Account } from '../features/account/AccountPage';
export { default as ChangeEmail } from '../features/account/ChangeEmailPage';
export { default as ChangePassword } from '../features/account/ChangePasswordPage';
export { default as ChangeUsername } from '../features/account/ChangeUsernamePage';
export { default as DeleteAccount } from '../features/account/DeleteAccountPage';
export { default as Activity } from '../features/sessions/ActivityPage';
export { default as Devices } from '../features/sessions/DevicesPage';
