import { useState } from 'react';
import { Link, useLocation } from 'react-router';

import { Form } from '../../components/Form';
import { Page } from '../../components/Page';
import { PasswordField } from '../../components/PasswordField';
import { RuleList } from '../../components/RuleList';
import { TextField } from '../../components/TextField';
import { paths } from '../../config/paths';
import { auth } from '../../lib/auth';
import {
  checkNewPassword,
  checkUsername,
  passwordRules,
  required,
  usernameRules,
} from '../../lib/rules';
import { useForm } from '../../lib/useForm';
import { MailSent } from './MailSent';

export default function SignUpPage() {
  const { state } = useLocation();
  const [mailedTo, setMailedTo] = useState('');
  const form = useForm({
    name: 'sign-up',
    initial: { username: '', email: '', password: '' },
    secrets: ['password'],
    check: checkSignUp,
    send: ({ username, email, password }) =>
      auth.signUp({ username, email: email.trim(), password }),
    // Otherwise the user is signed in, and the guard redirects to the account.
    done: (signedUp, { email }) => {
      if (signedUp.verificationRequired) setMailedTo(email.trim());
    },
  });
  const { username, email, password } = form.values;

  if (mailedTo) return <MailSent email={mailedTo} onBack={() => setMailedTo('')} />;
  return (
    <Page
      title="Sign up"
      lead={
        <>
          Already have an account?{' '}
          <Link to={paths.signIn} state={state}>
            Sign in
          </Link>
        </>
      }
    >
      <Form form={form} submit="Sign up" busy="Signing up…">
        <TextField
          {...form.field('username')}
          label="Username"
          autoComplete="username"
          rules={<RuleList rules={usernameRules(username)} />}
        />
        <TextField {...form.field('email')} label="Email" type="email" autoComplete="email" />
        <PasswordField
          {...form.field('password')}
          label="Password"
          autoComplete="new-password"
          rules={<RuleList rules={passwordRules(password, { username, email })} />}
        />
      </Form>
    </Page>
  );
}

function checkSignUp({
  username,
  email,
  password,
}: Record<'username' | 'email' | 'password', string>) {
  return {
    username: checkUsername(username),
    email: required(email.trim(), 'Enter your email.'),
    password: checkNewPassword(password),
  };
}
