import { Link, useLocation } from 'react-router';

import { Form } from '../../components/Form';
import { Page } from '../../components/Page';
import { PasswordField } from '../../components/PasswordField';
import { TextField } from '../../components/TextField';
import { paths } from '../../config/paths';
import { auth } from '../../lib/auth';
import { required } from '../../lib/rules';
import { useForm } from '../../lib/useForm';
import { ReasonNote } from './ReasonNote';
import { UnverifiedNote } from './UnverifiedNote';

export default function SignInPage() {
  const { state } = useLocation();
  const form = useForm({
    name: 'sign-in',
    initial: { username: '', password: '' },
    secrets: ['password'],
    check: ({ username, password }) => ({
      username: required(username.trim(), 'Enter your username or email.'),
      password: required(password, 'Enter your password.'),
    }),
    send: ({ username, password }) => auth.signIn({ username: username.trim(), password }),
    // The guard redirects a signed-in user to the page they came from, or the account.
    done: () => undefined,
  });
  const unverified = form.action.error?.code === 'email_not_verified';

  return (
    <Page
      title="Sign in"
      lead={
        <>
          New here?{' '}
          <Link to={paths.signUp} state={state}>
            Sign up
          </Link>
        </>
      }
    >
      <ReasonNote />
      <Form
        form={unverified ? { ...form, formError: null } : form}
        submit="Sign in"
        busy="Signing in…"
      >
        <TextField {...form.field('username')} label="Username or email" autoComplete="username" />
        <PasswordField
          {...form.field('password')}
          label="Password"
          autoComplete="current-password"
        />
        {unverified && <UnverifiedNote identifier={form.values.username} />}
      </Form>
      <p className="aside">
        <Link to={paths.forgotPassword} state={{ identifier: form.values.username }}>
          Forgot your password?
        </Link>
      </p>
    </Page>
  );
}
