import { paths } from '../config/paths';
import { later } from './later';

const entry = later(() => import('./entryPages'));
const account = later(() => import('./accountPages'));

export const SignIn = entry.page('SignIn');
export const SignUp = entry.page('SignUp');
export const ForgotPassword = entry.page('ForgotPassword');
export const ResetPassword = entry.page('ResetPassword');
export const VerifyEmail = entry.page('VerifyEmail');
export const UndoEmailChange = entry.page('UndoEmailChange');
export const Account = account.page('Account');
export const ChangeUsername = account.page('ChangeUsername');
export const ChangeEmail = account.page('ChangeEmail');
export const ChangePassword = account.page('ChangePassword');
export const DeleteAccount = account.page('DeleteAccount');
export const Devices = account.page('Devices');
export const Activity = account.page('Activity');

const entryPaths: string[] = [
  paths.signIn,
  paths.signUp,
  paths.forgotPassword,
  paths.resetPassword,
  paths.verifyEmail,
  paths.undoEmailChange,
];

/**
 * Fetch the pages of this address at once, while it is still being found out who is signed in,
 * and the others when there is nothing else to do: then they open at once, and offline.
 */
export function fetchPages(pathname: string): void {
  const [first, second] = entryPaths.includes(pathname)
    ? [entry.load, account.load]
    : [account.load, entry.load];
  void ignoreFailure(first()).then(() => whenIdle(() => void ignoreFailure(second())));
}

// What could not be fetched ahead is asked for again when it is needed.
function ignoreFailure(loading: Promise<unknown>): Promise<unknown> {
  return loading.catch(() => undefined);
}

function whenIdle(act: () => void): void {
  // Safari has no requestIdleCallback.
  if ('requestIdleCallback' in window) requestIdleCallback(act, { timeout: 5000 });
  else setTimeout(act, 2000);
}
