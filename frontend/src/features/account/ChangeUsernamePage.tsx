import { useNavigate } from 'react-router';

import type { Account } from '../../client';
import { AccountForm, AccountFormPage } from '../../components/AccountFormPage';
import { RuleList } from '../../components/RuleList';
import { TextField } from '../../components/TextField';
import { paths } from '../../config/paths';
import { auth } from '../../lib/auth';
import { showNoticeOnNextPage } from '../../lib/notices';
import { queryClient } from '../../lib/queries';
import { checkUsername, usernameRules } from '../../lib/rules';
import { useForm } from '../../lib/useForm';

export default function ChangeUsernamePage() {
  return (
    <AccountFormPage
      title="Change username"
      lead="Your public name. You can sign in with it."
      fields={1}
      form={ChangeUsername}
    />
  );
}

function ChangeUsername({ me }: { me: Account }) {
  const navigate = useNavigate();
  const form = useForm({
    name: 'change-username',
    owner: me.id,
    initial: { username: me.username },
    check: ({ username }) => ({ username: checkUsername(username) }),
    send: ({ username }) => auth.rename({ username }),
    done: (account) => {
      queryClient.setQueryData(['me'], account);
      showNoticeOnNextPage(`Your username is now ${account.username}.`);
      void navigate(paths.account);
    },
  });

  return (
    <AccountForm form={form} submit="Change username" busy="Changing…">
      <TextField
        {...form.field('username')}
        label="Username"
        autoComplete="username"
        rules={<RuleList rules={usernameRules(form.values.username)} />}
      />
    </AccountForm>
  );
}
