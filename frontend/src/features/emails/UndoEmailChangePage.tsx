import { useLocation } from 'react-router';

import { auth } from '../../lib/auth';
import { readLink } from '../../lib/links';
import { queryClient } from '../../lib/queries';
import { KeyPage } from './KeyPage';

const before = {
  title: 'Undo email change',
  lead: "This restores your previous email and signs out all devices. We'll then send you a link to choose a new password, because whoever changed your email may know the current one.",
  button: 'Undo change',
  busy: 'Undoing…',
};

const errors = {
  key_used: {
    title: 'This link has been used',
    lead: "This email change, or an earlier one, has already been undone. If you can't sign in, reset your password.",
  },
  key_expired: {
    title: 'This link has expired',
    lead: "An email change can be undone for seven days. If you didn't change your email, contact the site administrator.",
  },
  key_invalid: {
    title: 'This link is incomplete',
    lead: 'Some mail apps break long links. Open the full link from the email, or copy it into the address bar.',
  },
};

export default function UndoEmailChangePage() {
  const { hash } = useLocation();
  return (
    <KeyPage
      key={hash}
      link={readLink(hash)}
      before={before}
      after={({ email }) => ({
        title: 'Email change undone',
        lead: (
          <>
            Your email is <strong>{email}</strong> again, and all devices have been signed out.
            Check your inbox for a link to choose a new password.
          </>
        ),
      })}
      errors={errors}
      run={({ key }) => auth.undoEmailChange({ key })}
      done={() => void queryClient.invalidateQueries()}
    />
  );
}
