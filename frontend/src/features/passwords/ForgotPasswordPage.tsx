import { useState } from 'react';
import { Link, useLocation } from 'react-router';

import { Form } from '../../components/Form';
import { Page } from '../../components/Page';
import { TextField } from '../../components/TextField';
import { paths } from '../../config/paths';
import { auth } from '../../lib/auth';
import { required } from '../../lib/rules';
import { useForm } from '../../lib/useForm';

export default function ForgotPasswordPage() {
  const [mailedTo, setMailedTo] = useState('');
  const location = useLocation();
  const typed = (location.state as { identifier?: string } | null)?.identifier ?? '';
  const form = useForm({
    name: 'forgot-password',
    initial: { email: typed.includes('@') ? typed : '' },
    check: ({ email }) => ({ email: required(email.trim(), 'Please enter your address.') }),
    send: ({ email }) => auth.requestReset({ email: email.trim() }),
    done: (_, { email }) => setMailedTo(email.trim()),
  });

  if (mailedTo) return <ResetSent email={mailedTo} onBack={() => setMailedTo('')} />;
  return (
    <Page
      title="Forgot your password?"
      lead="Tell us your address. A link to choose a new password will be sent there."
    >
      <Form form={form} submit="Send the link" busy="Sending…">
        <TextField {...form.field('email')} label="Email" type="email" autoComplete="email" />
      </Form>
      <p className="aside">
        <Link to={paths.signIn}>Back to sign-in</Link>
      </p>
    </Page>
  );
}

function ResetSent({ email, onBack }: { email: string; onBack: () => void }) {
  return (
    <Page
      title="Look into your mail"
      lead={
        <>
          If <strong>{email}</strong> belongs to an account, a link to choose a new password is on
          its way there.
        </>
      }
    >
      <p>
        Nothing there after a minute or two? Look into the spam folder. It may also be that your
        account has another address.
      </p>
      <p className="aside">
        <button type="button" className="link" onClick={onBack}>
          Try again
        </button>
        <Link to={paths.signIn}>Back to sign-in</Link>
      </p>
    </Page>
  );
}
