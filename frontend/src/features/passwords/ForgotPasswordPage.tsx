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
    check: ({ email }) => ({ email: required(email.trim(), 'Enter your email.') }),
    send: ({ email }) => auth.requestReset({ email: email.trim() }),
    done: (_, { email }) => setMailedTo(email.trim()),
  });

  if (mailedTo) return <ResetSent email={mailedTo} onBack={() => setMailedTo('')} />;
  return (
    <Page title="Forgot your password?" lead="Enter your email and we'll send you a reset link.">
      <Form form={form} submit="Send reset link" busy="Sending…">
        <TextField {...form.field('email')} label="Email" type="email" autoComplete="email" />
      </Form>
      <p className="aside">
        <Link to={paths.signIn}>Back to sign in</Link>
      </p>
    </Page>
  );
}

function ResetSent({ email, onBack }: { email: string; onBack: () => void }) {
  return (
    <Page
      title="Check your email"
      lead={
        <>
          If <strong>{email}</strong> belongs to an account, we sent it a link to reset the
          password.
        </>
      }
    >
      <p>
        No link after a few minutes? Check your spam folder. You may also have signed up with a
        different email.
      </p>
      <p className="aside">
        <button type="button" className="link" onClick={onBack}>
          Try a different email
        </button>
        <Link to={paths.signIn}>Back to sign in</Link>
      </p>
    </Page>
  );
}
