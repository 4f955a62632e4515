import { auth } from '../lib/auth';
import { drafts } from '../lib/drafts';
import { forgetAccount } from '../lib/queries';

/** Let nothing of an account outlive its session, but for what was typed when it ended by itself. */
export function forgetOnSignOut(): void {
  let account = auth.getState().accountId;
  auth.subscribe(() => {
    const { accountId, reason } = auth.getState();
    // Another tab may have signed in as somebody else.
    if (accountId !== account) forgetAccount();
    account = accountId;
    if (reason === 'signed_out') drafts.clear();
  });
}
