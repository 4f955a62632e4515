import { useLocation } from 'react-router';

import { auth, useAuth } from '../../lib/auth';
import { ResendVerification } from '../../components/ResendVerification';
import { readLink } from '../../lib/links';
import { queryClient } from '../../lib/queries';
import { KeyPage } from './KeyPage';

const before = {
  title: 'Verify your address',
  lead: 'Press the button to confirm that the mail reached you, and that the address is yours.',
  button: 'Verify',
  busy: 'Verifying…',
};

const refused = {
  key_used: {
    title: 'This link has been used',
    lead: 'Most likely your address is verified already, and you can go on. If a newer link was sent to you, follow that one.',
  },
  key_expired: {
    title: 'This link has expired',
    lead: 'Links work for a few days only. Sign in and have a new one sent from your account’s page.',
  },
  key_invalid: {
    title: 'This link is not complete',
    lead: 'Some mail programs cut links in two. Open the whole link from the mail, or copy it into the address bar; or sign in and have a new one sent.',
  },
};

export default function VerifyEmailPage() {
  const { hash } = useLocation();
  const signedIn = useAuth().status === 'signedIn';
  return (
    <KeyPage
      key={hash}
      link={readLink(hash)}
      before={before}
      after={({ email }) => ({
        title: 'Your address is verified',
        lead: (
          <>
            Thank you. <strong>{email}</strong> is the address of your account.
          </>
        ),
      })}
      refused={refused}
      run={({ key }) => auth.verifyEmail({ key })}
      done={() => void queryClient.invalidateQueries({ queryKey: ['me'] })}
      help={signedIn && <ResendVerification />}
    />
  );
}
