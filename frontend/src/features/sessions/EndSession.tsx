import { AuthError, type Session } from '../../client';
import { auth } from '../../lib/auth';
import { explain } from '../../lib/errors';
import { say } from '../../lib/notices';
import { useAction } from '../../lib/useAction';
import { keepSessions } from './sessionList';

interface Props {
  session: Session;
  onEnded: () => void;
}

export function EndSession({ session, onEnded }: Props) {
  const action = useAction({
    run: () => end(session.id),
    done: () => {
      // The button goes with its row, so the focus has to go somewhere.
      onEnded();
      keepSessions(({ id }) => id !== session.id);
      say(`${session.device} is signed out.`);
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
        {action.pending ? 'Ending…' : 'End'}
        <span className="unseen"> the session on {session.device}</span>
      </button>
      {action.error && !action.pending && (
        <p className="field-error" role="alert">
          {explain(action.error)}
        </p>
      )}
    </div>
  );
}

/** What is not there any more has been ended already, and that is what was wanted. */
async function end(id: string): Promise<void> {
  try {
    await auth.endSession(id);
  } catch (error) {
    if (!(error instanceof AuthError && error.code === 'not_found')) throw error;
  }
}
