import { AuthError, type Session } from '../../client';
import { auth } from '../../lib/auth';
import { explain } from '../../lib/errors';
import { showNotice } from '../../lib/notices';
import { useAction } from '../../lib/useAction';
import { removeSessions } from './queries';

interface Props {
  session: Session;
  onSignedOut: () => void;
}

export function SignOutDevice({ session, onSignedOut }: Props) {
  const action = useAction({
    run: () => endSession(session.id),
    done: () => {
      // The focused button is about to be removed with its row.
      onSignedOut();
      removeSessions(({ id }) => id === session.id);
      showNotice(`${session.device} has been signed out.`);
    },
  });
  return (
    <div className="list-action">
      <button
        type="button"
        className="button button-plain button-small"
        aria-disabled={action.pending}
        onClick={() => action.start(undefined)}
      >
        {action.pending ? 'Signing out…' : 'Sign out'}
        <span className="unseen"> {session.device}</span>
      </button>
      {action.error && !action.pending && (
        <p className="field-error" role="alert">
          {explain(action.error)}
        </p>
      )}
    </div>
  );
}

/** End the session. One that is not found has ended already, which is a success. */
async function endSession(id: string): Promise<void> {
  try {
    await auth.endSession(id);
  } catch (error) {
    if (!(error instanceof AuthError && error.code === 'not_found')) throw error;
  }
}
