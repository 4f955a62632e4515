import { Alert } from '../../components/Alert';
import { ResendVerification } from '../../components/ResendVerification';

/** Shown after a sign-in with the right password if the email is not verified yet. */
export function UnverifiedNote({ identifier }: { identifier: string }) {
  const isEmail = identifier.includes('@');
  return (
    <Alert tone="info" urgent>
      <p>
        Your email isn't verified yet. Open the link that we sent you when you signed up, then sign
        in.
        {!isEmail && ' To get a new link, enter your email instead of your username.'}
      </p>
      {isEmail && <ResendVerification email={identifier.trim()} />}
    </Alert>
  );
}
