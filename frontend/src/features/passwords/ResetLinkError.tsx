import { Link } from 'react-router';

import { Page } from '../../components/Page';
import { paths } from '../../config/paths';
import type { LinkError } from '../../lib/links';

const texts: Record<LinkError, { title: string; lead: string }> = {
  key_used: {
    title: 'This link has been used',
    lead: 'It was used to set a password, or a newer link has replaced it. If you set a new password, sign in with it. Otherwise, request a new link.',
  },
  key_expired: {
    title: 'This link has expired',
    lead: "Reset links work for a short time only. Your password hasn't changed. Request a new link to reset it.",
  },
  key_invalid: {
    title: 'This link is incomplete',
    lead: 'Some mail apps break long links. Open the full link from the email, or copy it into the address bar. You can also request a new one.',
  },
};

export function ResetLinkError({ error }: { error: LinkError }) {
  return (
    <Page {...texts[error]}>
      <p className="form-actions">
        <Link className="button button-primary" to={paths.forgotPassword}>
          Request a new link
        </Link>
        <Link className="button button-plain" to={paths.signIn}>
          Sign in
        </Link>
      </p>
    </Page>
  );
}
