/** The path of every page. Links in mails lead to the marked ones, so those must not change. */
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
