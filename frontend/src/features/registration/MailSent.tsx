import { Link } from 'react-router';

import { Page } from '../../components/Page';
import { ResendVerification } from '../../components/ResendVerification';
import { paths } from '../../config/paths';

interface Props {
  email: string;
  onBack: () => void;
}

/** Shown after a sign-up if the email must be verified before the first sign-in. */
export function MailSent({ email, onBack }: Props) {
  return (
    <Page
      title="Check your email"
      lead={
        <>
          We sent a link to <strong>{email}</strong>. Open it to verify your email, then sign in.
        </>
      }
    >
      <p>No link after a few minutes? Check your spam folder, or send the link again.</p>
      <ResendVerification email={email} />
      <p className="aside">
        <button type="button" className="link" onClick={onBack}>
          Use a different email
        </button>
        <Link to={paths.signIn}>Go to sign in</Link>
      </p>
    </Page>
  );
}
