import { auth } from '../lib/auth';
import { explain } from '../lib/errors';
import { showNotice } from '../lib/notices';
import { useAction } from '../lib/useAction';

export function SignOut() {
  const action = useAction({
    run: () => auth.signOut(),
    failed: (error) => showNotice(`You're still signed in. ${explain(error)}`, 'bad'),
  });
  return (
    <button
      type="button"
      className="sign-out"
      aria-disabled={action.pending}
      onClick={() => action.start(undefined)}
    >
      {action.pending ? 'Signing out…' : 'Sign out'}
    </button>
  );
}
