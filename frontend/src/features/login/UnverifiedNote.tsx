import { Alert } from '../../components/Alert';
import { ResendVerification } from '../../components/ResendVerification';

/** For the right password of an address that is not verified yet. */
export function UnverifiedNote({ identifier }: { identifier: string }) {
  const isAddress = identifier.includes('@');
  return (
    <Alert tone="info" urgent>
      <p>
        Your address is not verified yet. Follow the link in the mail that was sent to you when you
        signed up, then sign in.
        {!isAddress && ' To have the link sent again, enter your address instead of your username.'}
      </p>
      {isAddress && <ResendVerification email={identifier.trim()} />}
    </Alert>
  );
}
