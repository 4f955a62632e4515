import { useLocation } from 'react-router';

import { auth } from '../../lib/auth';
import { readLink } from '../../lib/links';
import { queryClient } from '../../lib/queries';
import { KeyPage } from './KeyPage';

const before = {
  title: 'Undo the change of address',
  lead: 'Your account gets its old address back, and every device is signed out. A mail then leads you to a new password, for whoever changed the address may know the present one.',
  button: 'Undo the change',
  busy: 'Undoing…',
};

const refused = {
  key_used: {
    title: 'This link has been used',
    lead: 'The change was undone with it already, or a later one was. If you cannot sign in, ask for a new password with “Forgot your password?”.',
  },
  key_expired: {
    title: 'This link has expired',
    lead: 'A change can be undone for seven days. If it was not you who changed the address, write to the people who run this site.',
  },
  key_invalid: {
    title: 'This link is not complete',
    lead: 'Some mail programs cut links in two. Open the whole link from the mail, or copy it into the address bar.',
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
        title: 'The change is undone',
        lead: (
          <>
            <strong>{email}</strong> is the address of your account again, and every device is
            signed out. Look into your mail: a link to choose a new password is on its way.
          </>
        ),
      })}
      refused={refused}
      run={({ key }) => auth.undoEmailChange({ key })}
      done={() => void queryClient.invalidateQueries()}
    />
  );
}
