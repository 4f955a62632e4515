import { useLocation } from 'react-router';

import { Alert } from '../../components/Alert';
import { useAuth } from '../../lib/auth';
import { useNotice } from '../../lib/notices';

const KEPT = 'Sign in again to go on where you were; what you typed there is kept.';

/** Says why one has to sign in, where there is more to say than that one has to. */
export function ReasonNote() {
  const { reason } = useAuth();
  const notice = useNotice();
  const location = useLocation();
  const cameFor = (location.state as { from?: string } | null)?.from;

  switch (reason) {
    case 'session_ended':
      return (
        <Alert tone="info">
          <p>
            Your session has ended. It may have been signed out from another device, or the password
            was changed. {KEPT}
          </p>
        </Alert>
      );
    case 'refresh_reused':
      return (
        <Alert tone="warn">
          <p>
            To be safe, this session was ended: someone used an old copy of its key. {KEPT} Then
            look through your devices, and change your password if you find a stranger’s.
          </p>
        </Alert>
      );
    case 'user_inactive':
      return (
        <Alert tone="warn">
          <p>
            This account has been deactivated. Signing in does not help; only the people who run
            this site can open it again.
          </p>
        </Alert>
      );
    case 'signed_out':
      // What brought one here may have said so already, in better words.
      return notice ? null : (
        <Alert tone="good">
          <p>You are signed out.</p>
        </Alert>
      );
    default:
      return cameFor ? (
        <Alert tone="info">
          <p>Sign in to see that page.</p>
        </Alert>
      ) : null;
  }
}
