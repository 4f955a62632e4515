import { Link } from 'react-router';

import { Page } from '../../components/Page';
import { paths } from '../../config/paths';
import type { KeyRefusal } from '../../lib/links';

const words: Record<KeyRefusal, { title: string; lead: string }> = {
  key_used: {
    title: 'This link has been used',
    lead: 'A password was set with it, or a newer one has replaced it. If it was you, sign in with the new password. If it was not, ask for a new link.',
  },
  key_expired: {
    title: 'This link has expired',
    lead: 'Links work for a short time only, so that an old mail opens nothing. Ask for a new one; your password is as it was.',
  },
  key_invalid: {
    title: 'This link is not complete',
    lead: 'Some mail programs cut links in two. Open the whole link from the mail, or copy it into the address bar; or ask for a new one.',
  },
};

export function ResetRefused({ refusal }: { refusal: KeyRefusal }) {
  return (
    <Page {...words[refusal]}>
      <p className="form-actions">
        <Link className="button button-primary" to={paths.forgotPassword}>
          Ask for a new link
        </Link>
        <Link className="button button-plain" to={paths.signIn}>
          Sign in
        </Link>
      </p>
    </Page>
  );
}
