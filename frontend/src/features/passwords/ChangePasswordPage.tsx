import { Link, useNavigate } from 'react-router';

import { Form } from '../../components/Form';
import { FormSkeleton } from '../../components/Skeleton';
import { Loaded } from '../../components/Loaded';
import { Page } from '../../components/Page';
import { PasswordField } from '../../components/PasswordField';
import { RestoredNote } from '../../components/RestoredNote';
import { RuleList } from '../../components/RuleList';
import { paths } from '../../config/paths';
import type { Account } from '../../client';
import { auth } from '../../lib/auth';
import { sayOnNextPage } from '../../lib/notices';
import { queryClient, useMe } from '../../lib/queries';
import { checkNewPassword, passwordRules, required } from '../../lib/rules';
import { useForm } from '../../lib/useForm';

export default function ChangePasswordPage() {
  return (
    <Page
      title="Change password"
      lead="Every other device is signed out when the password changes. This one stays."
    >
      <Loaded query={useMe()} skeleton={<FormSkeleton fields={2} />}>
        {(me) => <ChangePassword key={me.id} me={me} />}
      </Loaded>
    </Page>
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
      password: required(password, 'Please enter your current password.'),
      new_password: checkNewPassword(new_password),
    }),
    send: (values) => auth.changePassword(values),
    done: () => {
      void queryClient.invalidateQueries();
      sayOnNextPage('Your password is changed. Every other device has been signed out.');
      void navigate(paths.account);
    },
  });

  return (
    <Form
      form={form}
      submit="Change password"
      busy="Changing…"
      beside={
        <Link to={paths.account} onClick={form.discard}>
          Cancel
        </Link>
      }
    >
      <RestoredNote shown={form.restored} />
      <OwnerField username={me.username} />
      <PasswordField
        {...form.field('password')}
        label="Current password"
        autoComplete="current-password"
      />
      <PasswordField
        {...form.field('new_password')}
        label="New password"
        autoComplete="new-password"
        rules={<RuleList rules={passwordRules(form.values.new_password, me.username, me.email)} />}
      />
    </Form>
  );
}

/** For password managers, which have to know whose password it is. */
function OwnerField({ username }: { username: string }) {
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
