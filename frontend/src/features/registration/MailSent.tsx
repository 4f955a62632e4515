import { Link } from 'react-router';

import { Page } from '../../components/Page';
import { ResendVerification } from '../../components/ResendVerification';
import { paths } from '../../config/paths';

interface Props {
  email: string;
  onBack: () => void;
}

/** Where an address has to be verified before the first sign-in. */
export function MailSent({ email, onBack }: Props) {
  return (
    <Page
      title="Look into your mail"
      lead={
        <>
          A link is on its way to <strong>{email}</strong>. Follow it, and then sign in.
        </>
      }
    >
      <p>Nothing there after a minute or two? Look into the spam folder, or have it sent again.</p>
      <ResendVerification email={email} />
      <p className="aside">
        <button type="button" className="link" onClick={onBack}>
          Use another address
        </button>
        <Link to={paths.signIn}>Go to sign-in</Link>
      </p>
    </Page>
  );
}
