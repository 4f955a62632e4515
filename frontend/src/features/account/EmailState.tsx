import type { Account } from '../../client';
import { ResendVerification } from '../../components/ResendVerification';

/** Whether the email is verified, and what the user can do if it is not. */
export function EmailState({ me }: { me: Account }) {
  return (
    <>
      {me.email_verified ? (
        <span className="badge badge-good">Verified</span>
      ) : (
        <span className="badge badge-warn">Not verified</span>
      )}
      {me.pending_email && (
        <p className="row-note">
          Waiting for confirmation of <strong>{me.pending_email}</strong>. Check your inbox for the
          link.
        </p>
      )}
      {!me.email_verified && !me.pending_email && (
        <p className="row-note">Check your inbox for the verification link.</p>
      )}
      {(me.pending_email || !me.email_verified) && <ResendVerification />}
    </>
  );
}
