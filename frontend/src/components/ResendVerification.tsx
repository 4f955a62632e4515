import { auth } from '../lib/auth';
import { explain } from '../lib/errors';
import { useAction } from '../lib/useAction';
import { ActionButton } from './ActionButton';

interface Props {
  /** Of who is not signed in; else it goes to the address that waits. */
  email?: string;
}

/** Has the link sent once more that proves an address. */
export function ResendVerification({ email }: Props) {
  const action = useAction({
    run: () => auth.resendVerification(email === undefined ? {} : { email }),
  });
  return (
    <div className="resend">
      <ActionButton
        action={action}
        kind="plain"
        busy="Sending…"
        onClick={() => action.start(undefined)}
      >
        Send the link again
      </ActionButton>
      <p className="action-status" role="status">
        {action.succeeded && 'Sent. It may take a minute; look into the spam folder, too.'}
        {action.slow && 'The server is slow to answer. Still sending…'}
        {action.error && !action.pending && explain(action.error)}
      </p>
    </div>
  );
}
