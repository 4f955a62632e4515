import { ResendVerification } from '../../components/ResendVerification';
import type { Account } from '../../client';

/** Whether the address is verified, and what it waits for if not. */
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
          <strong>{me.pending_email}</strong> becomes your address when you follow the link that was
          sent there.
        </p>
      )}
      {!me.email_verified && !me.pending_email && (
        <p className="row-note">Follow the link in the mail that was sent to you.</p>
      )}
      {(me.pending_email || !me.email_verified) && <ResendVerification />}
    </>
  );
}
