import { auth } from '../lib/auth';
import { drafts } from '../lib/drafts';
import { removeAccountData } from '../lib/queries';

/**
 * Remove an account's cached data when its session ends. Drafts are kept if the session ended
 * without a sign-out, so that the user can continue where they left off.
 */
export function cleanUpOnSignOut(): void {
  let account = auth.getState().accountId;
  auth.subscribe(() => {
    const { accountId, reason } = auth.getState();
    // The account also changes when another tab signs in to a different one.
    if (accountId !== account) removeAccountData();
    account = accountId;
    if (reason === 'signed_out') drafts.clear();
  });
}
