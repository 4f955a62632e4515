import { useNavigate } from 'react-router';

import type { Account } from '../../client';
import { AccountForm, AccountFormPage } from '../../components/AccountFormPage';
import { PasswordField } from '../../components/PasswordField';
import { TextField } from '../../components/TextField';
import { paths } from '../../config/paths';
import { auth } from '../../lib/auth';
import { showNoticeOnNextPage } from '../../lib/notices';
import { queryClient } from '../../lib/queries';
import { required } from '../../lib/rules';
import { useForm } from '../../lib/useForm';

export default function ChangeEmailPage() {
  return (
    <AccountFormPage
      title="Change email"
      lead="We'll send a link to your new email. Your current email stays in use until you open it."
      fields={2}
      form={ChangeEmail}
    />
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
      email: required(email.trim(), 'Enter your new email.'),
      password: required(password, 'Enter your password.'),
    }),
    send: ({ email, password }) => auth.changeEmail({ email: email.trim(), password }),
    done: (_, { email }) => {
      void queryClient.invalidateQueries({ queryKey: ['me'] });
      showNoticeOnNextPage(
        email.trim() === me.email
          ? `Your email is still ${me.email}.`
          : `We sent a link to ${email.trim()}. Open it to change your email.`,
      );
      void navigate(paths.account);
    },
  });

  return (
    <AccountForm form={form} submit="Change email" busy="Changing…">
      <TextField
        {...form.field('email')}
        label="New email"
        type="email"
        autoComplete="email"
        hint={hintFor(me)}
      />
      <PasswordField {...form.field('password')} label="Password" autoComplete="current-password" />
    </AccountForm>
  );
}

function hintFor({ email, pending_email: pending }: Account): string {
  if (!pending) return `Current email: ${email}`;
  return `Current email: ${email}. Waiting for confirmation of ${pending}. To cancel this change, enter your current email.`;
}
