import { Link, useNavigate } from 'react-router';

import { Form } from '../../components/Form';
import { FormSkeleton } from '../../components/Skeleton';
import { Loaded } from '../../components/Loaded';
import { Page } from '../../components/Page';
import { PasswordField } from '../../components/PasswordField';
import { RestoredNote } from '../../components/RestoredNote';
import { TextField } from '../../components/TextField';
import { paths } from '../../config/paths';
import type { Account } from '../../client';
import { auth } from '../../lib/auth';
import { sayOnNextPage } from '../../lib/notices';
import { queryClient, useMe } from '../../lib/queries';
import { required } from '../../lib/rules';
import { useForm } from '../../lib/useForm';

export default function ChangeEmailPage() {
  return (
    <Page
      title="Change address"
      lead="A link is sent to the new address. Your account keeps the present one until you follow it."
    >
      <Loaded query={useMe()} skeleton={<FormSkeleton fields={2} />}>
        {(me) => <ChangeEmail key={me.id} me={me} />}
      </Loaded>
    </Page>
  );
}

function ChangeEmail({ me }: { me: Account }) {
  const navigate = useNavigate();
  const form = useForm({
    name: 'change-email',
    owner: me.id,
    initial: { email: '', password: '' },
    secrets: ['password'],
    check: ({ email, password }) => ({
      email: required(email.trim(), 'Please enter the new address.'),
      password: required(password, 'Please enter your password.'),
    }),
    send: ({ email, password }) => auth.changeEmail({ email: email.trim(), password }),
    done: (_, { email }) => {
      void queryClient.invalidateQueries({ queryKey: ['me'] });
      sayOnNextPage(
        email.trim() === me.email
          ? `${me.email} stays your address.`
          : `A link was sent to ${email.trim()}. Follow it to change your address.`,
      );
      void navigate(paths.account);
    },
  });

  return (
    <Form
      form={form}
      submit="Change address"
      busy="Changing…"
      beside={
        <Link to={paths.account} onClick={form.discard}>
          Cancel
        </Link>
      }
    >
      <RestoredNote shown={form.restored} />
      <TextField
        {...form.field('email')}
        label="New email"
        type="email"
        autoComplete="email"
        hint={hintFor(me)}
      />
      <PasswordField {...form.field('password')} label="Password" autoComplete="current-password" />
    </Form>
  );
}

function hintFor({ email, pending_email: pending }: Account): string {
  if (!pending) return `Now it is ${email}.`;
  return `Now it is ${email}, and ${pending} waits for its link. To keep the present one, enter it here.`;
}
