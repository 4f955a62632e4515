import { Link, useNavigate } from 'react-router';

import { Form } from '../../components/Form';
import { FormSkeleton } from '../../components/Skeleton';
import { Loaded } from '../../components/Loaded';
import { Page } from '../../components/Page';
import { RestoredNote } from '../../components/RestoredNote';
import { RuleList } from '../../components/RuleList';
import { TextField } from '../../components/TextField';
import { paths } from '../../config/paths';
import type { Account } from '../../client';
import { auth } from '../../lib/auth';
import { sayOnNextPage } from '../../lib/notices';
import { queryClient, useMe } from '../../lib/queries';
import { checkUsername, usernameRules } from '../../lib/rules';
import { useForm } from '../../lib/useForm';

export default function ChangeUsernamePage() {
  return (
    <Page title="Change username" lead="It is what others see, and what you can sign in with.">
      <Loaded query={useMe()} skeleton={<FormSkeleton fields={1} />}>
        {(me) => <ChangeUsername key={me.id} me={me} />}
      </Loaded>
    </Page>
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
      sayOnNextPage(`Your username is now ${account.username}.`);
      void navigate(paths.account);
    },
  });

  return (
    <Form
      form={form}
      submit="Change username"
      busy="Changing…"
      beside={
        <Link to={paths.account} onClick={form.discard}>
          Cancel
        </Link>
      }
    >
      <RestoredNote shown={form.restored} />
      <TextField
        {...form.field('username')}
        label="Username"
        autoComplete="username"
        rules={<RuleList rules={usernameRules(form.values.username)} />}
      />
    </Form>
  );
}
