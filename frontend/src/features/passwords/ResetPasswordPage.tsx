import { useState } from 'react';
import { useLocation, useNavigate } from 'react-router';

import { Form } from '../../components/Form';
import { Page } from '../../components/Page';
import { PasswordField } from '../../components/PasswordField';
import { RuleList } from '../../components/RuleList';
import { paths } from '../../config/paths';
import { auth } from '../../lib/auth';
import { type LinkError, linkErrorOf, readLink } from '../../lib/links';
import { showNoticeOnNextPage } from '../../lib/notices';
import { checkNewPassword, passwordRules } from '../../lib/rules';
import { useForm } from '../../lib/useForm';
import { ResetLinkError } from './ResetLinkError';

export default function ResetPasswordPage() {
  const { hash } = useLocation();
  // Another link opened in the same tab changes only the hash.
  return <ResetPassword key={hash} link={readLink(hash)} />;
}

function ResetPassword({ link }: { link: { uid: string; key: string } }) {
  const navigate = useNavigate();
  const complete = link.uid !== '' && link.key !== '';
  const [linkError, setLinkError] = useState<LinkError | null>(complete ? null : 'key_invalid');
  const form = useForm({
    name: 'reset-password',
    initial: { new_password: '' },
    secrets: ['new_password'],
    check: ({ new_password }) => ({ new_password: checkNewPassword(new_password) }),
    send: ({ new_password }) => auth.confirmReset({ ...link, new_password }),
    done: () => {
      showNoticeOnNextPage('Password changed. Sign in with your new password.');
      // Replaces the used link in the browser's history.
      void navigate(paths.signIn, { replace: true });
    },
    failed: (error) => setLinkError(linkErrorOf(error)),
  });

  if (linkError) return <ResetLinkError error={linkError} />;
  return (
    <Page
      title="Choose a new password"
      lead="You'll be signed out on all devices. Then sign in with your new password."
    >
      <Form form={form} submit="Save new password" busy="Saving…">
        <PasswordField
          {...form.field('new_password')}
          label="New password"
          autoComplete="new-password"
          rules={<RuleList rules={passwordRules(form.values.new_password)} />}
        />
      </Form>
    </Page>
  );
}
