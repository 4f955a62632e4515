import { useLocation } from 'react-router';

import { ResendVerification } from '../../components/ResendVerification';
import { auth, useAuth } from '../../lib/auth';
import { readLink } from '../../lib/links';
import { queryClient } from '../../lib/queries';
import { KeyPage } from './KeyPage';

const before = {
  title: 'Verify your email',
  lead: 'Press the button to verify that this email belongs to you.',
  button: 'Verify email',
  busy: 'Verifying…',
};

const help = <ResendIfSignedIn />;
const errors = {
  key_used: {
    title: 'This link has been used',
    lead: 'Your email is most likely verified already. If we sent you a newer link, open that one.',
  },
  key_expired: {
    title: 'This link has expired',
    lead: 'Verification links work for a few days. Sign in and request a new one on your account page.',
    help,
  },
  key_invalid: {
    title: 'This link is incomplete',
    lead: 'Some mail apps break long links. Open the full link from the email, or copy it into the address bar. You can also sign in and request a new one.',
    help,
  },
};

export default function VerifyEmailPage() {
  const { hash } = useLocation();
  return (
    <KeyPage
      key={hash}
      link={readLink(hash)}
      before={before}
      after={({ email }) => ({
        title: 'Your email is verified',
        lead: (
          <>
            <strong>{email}</strong> is the email of your account.
          </>
        ),
      })}
      errors={errors}
      run={({ key }) => auth.verifyEmail({ key })}
      done={() => void queryClient.invalidateQueries({ queryKey: ['me'] })}
    />
  );
}

function ResendIfSignedIn() {
  return useAuth().status === 'signedIn' && <ResendVerification />;
}
