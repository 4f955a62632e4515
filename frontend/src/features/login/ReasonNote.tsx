import { useLocation } from 'react-router';

import { Alert } from '../../components/Alert';
import { useAuth } from '../../lib/auth';
import { useNotice } from '../../lib/notices';

const CONTINUE = 'Sign in to continue where you left off. What you typed is saved.';

/** Explains why the user has to sign in, if there is a reason. */
export function ReasonNote() {
  const { reason } = useAuth();
  const notice = useNotice();
  const location = useLocation();
  const from = (location.state as { from?: string } | null)?.from;

  switch (reason) {
    case 'session_ended':
      return (
        <Alert tone="info">
          <p>
            Your session has ended. You may have signed out from another device, or changed your
            password. {CONTINUE}
          </p>
        </Alert>
      );
    case 'refresh_reused':
      return (
        <Alert tone="warn">
          <p>
            We ended your session for your security, because an old sign-in token was reused.{' '}
            {CONTINUE} Then check your devices, and change your password if you see one you don't
            recognise.
          </p>
        </Alert>
      );
    case 'user_inactive':
      return (
        <Alert tone="warn">
          <p>This account has been deactivated. Contact the site administrator to reactivate it.</p>
        </Alert>
      );
    case 'signed_out':
      // A notice, such as one about a deleted account, explains it better.
      return notice ? null : (
        <Alert tone="good">
          <p>You're signed out.</p>
        </Alert>
      );
    default:
      return from ? (
        <Alert tone="info">
          <p>Sign in to continue.</p>
        </Alert>
      ) : null;
  }
}
