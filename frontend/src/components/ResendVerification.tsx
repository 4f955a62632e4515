import { auth } from '../lib/auth';
import { explain } from '../lib/errors';
import { useAction } from '../lib/useAction';
import { ActionButton } from './ActionButton';

// The server sends nothing for a verified email, and its response does not say so.
const SENT =
  'If your email still needs to be verified, a new link is on its way. Check your spam folder too.';

interface Props {
  /** The recipient, if the user is not signed in. */
  email?: string;
}

/** A button that sends the verification link again. */
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
        Resend link
      </ActionButton>
      <p className="action-status" role="status">
        {action.succeeded && SENT}
        {action.slow && 'The server is slow to respond. Still sending…'}
        {action.error && !action.pending && explain(action.error)}
      </p>
    </div>
  );
}
