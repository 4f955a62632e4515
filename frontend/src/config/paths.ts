/** Every page. The mails of the server lead to the four that are marked; those must not move. */
export const paths = {
  home: '/',
  signIn: '/sign-in',
  signUp: '/sign-up',
  forgotPassword: '/forgot-password', // in mails
  resetPassword: '/reset-password', // in mails
  verifyEmail: '/verify-email', // in mails
  undoEmailChange: '/undo-email-change', // in mails
  account: '/account',
  changeUsername: '/account/username',
  changeEmail: '/account/email',
  changePassword: '/account/password',
  deleteAccount: '/account/delete',
  devices: '/devices',
  activity: '/activity',
} as const;
