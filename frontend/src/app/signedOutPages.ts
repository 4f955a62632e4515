/** The signed-out pages, bundled together because they link to each other. */
export { default as UndoEmailChange } from '../features/emails/UndoEmailChangePage';
export { default as VerifyEmail } from '../features/emails/VerifyEmailPage';
export { default as SignIn } from '../features/login/SignInPage';
export { default as ForgotPassword } from '../features/passwords/ForgotPasswordPage';
export { default as ResetPassword } from '../features/passwords/ResetPasswordPage';
export { default as SignUp } from '../features/registration/SignUpPage';
