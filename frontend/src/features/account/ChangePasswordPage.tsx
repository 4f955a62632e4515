import { useNavigate } from 'react-router';

import type { Account } from '../../client';
import { AccountForm, AccountFormPage } from '../../components/AccountFormPage';
import { PasswordField } from '../../components/PasswordField';
import { RuleList } from '../../components/RuleList';
import { paths } from '../../config/paths';
import { auth } from '../../lib/auth';
import { showNoticeOnNextPage } from '../../lib/notices';
import { queryClient } from '../../lib/queries';
import { checkNewPassword, passwordRules, required } from '../../lib/rules';
import { useForm } from '../../lib/useForm';

export default function ChangePasswordPage() {
  return (
    <AccountFormPage
      title="Change password"
      lead="You'll be signed out on all other devices."
      fields={2}
      form={ChangePassword}
    />
  );
}

function ChangePassword({ me }: { me: Account }) {
  const navigate = useNavigate();
  const form = useForm({
    name: 'change-password',
    owner: me.id,
    initial: { password: '', new_password: '' },
    secrets: ['password', 'new_password'],
    check: ({ password, new_password }) => ({
      password: required(password, 'Enter your current password.'),
      new_password: checkNewPassword(new_password),
    }),
    send: (values) => auth.changePassword(values),
    done: () => {
      void queryClient.invalidateQueries();
      showNoticeOnNextPage('Password changed. All other devices have been signed out.');
      void navigate(paths.account);
    },
  });

  return (
    <AccountForm form={form} submit="Change password" busy="Changing…">
      <HiddenUsername username={me.username} />
      <PasswordField
        {...form.field('password')}
        label="Current password"
        autoComplete="current-password"
      />
      <PasswordField
        {...form.field('new_password')}
        label="New password"
        autoComplete="new-password"
        rules={<RuleList rules={passwordRules(form.values.new_password, me)} />}
      />
    </AccountForm>
  );
}

/** Tells password managers which account the password belongs to. */
function HiddenUsername({ username }: { username: string }) {
  return (
    <input
      className="unseen"
      name="username"
      autoComplete="username"
      value={username}
      readOnly
      tabIndex={-1}
      aria-hidden="true"
    />
  );
}
