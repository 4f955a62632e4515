import { useState } from 'react';
import { useLocation, useNavigate } from 'react-router';

import { Form } from '../../components/Form';
import { Page } from '../../components/Page';
import { PasswordField } from '../../components/PasswordField';
import { RuleList } from '../../components/RuleList';
import { paths } from '../../config/paths';
import { auth } from '../../lib/auth';
import { readLink, type KeyRefusal, refusalOf } from '../../lib/links';
import { sayOnNextPage } from '../../lib/notices';
import { checkNewPassword, passwordRules } from '../../lib/rules';
import { useForm } from '../../lib/useForm';
import { ResetRefused } from './ResetRefused';

export default function ResetPasswordPage() {
  const { hash } = useLocation();
  // A second link, opened in the same tab, changes nothing but the hash.
  return <ResetPassword key={hash} link={readLink(hash)} />;
}

function ResetPassword({ link }: { link: { uid: string; key: string } }) {
  const navigate = useNavigate();
  const complete = link.uid !== '' && link.key !== '';
  const [refusal, setRefusal] = useState<KeyRefusal | null>(complete ? null : 'key_invalid');
  const form = useForm({
    name: 'reset-password',
    initial: { new_password: '' },
    secrets: ['new_password'],
    check: ({ new_password }) => ({ new_password: checkNewPassword(new_password) }),
    send: ({ new_password }) => auth.confirmReset({ ...link, new_password }),
    done: () => {
      sayOnNextPage('Your new password is set. Sign in with it.');
      // In place of the link, which is used up.
      void navigate(paths.signIn, { replace: true });
    },
    failed: (error) => setRefusal(refusalOf(error)),
  });

  if (refusal) return <ResetRefused refusal={refusal} />;
  return (
    <Page
      title="Choose a new password"
      lead="When it is set, every device is signed out, and you sign in with the new one."
    >
      <Form form={form} submit="Set password" busy="Setting the password…">
        <PasswordField
          {...form.field('new_password')}
          label="New password"
          autoComplete="new-password"
          rules={<RuleList rules={passwordRules(form.values.new_password, '', '')} />}
        />
      </Form>
    </Page>
  );
}
