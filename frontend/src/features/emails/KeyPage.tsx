import type { ReactNode } from 'react';
import { Link } from 'react-router';

import type { Address, AuthError } from '../../client';
import { ActionButton, ActionStatus } from '../../components/ActionButton';
import { Alert } from '../../components/Alert';
import { Page } from '../../components/Page';
import { paths } from '../../config/paths';
import { useAuth } from '../../lib/auth';
import { explain } from '../../lib/errors';
import { linkErrorOf, type LinkError } from '../../lib/links';
import { useAction } from '../../lib/useAction';

interface Texts {
  title: string;
  lead: ReactNode;
  /** A second way to continue, above the link to the account. */
  help?: ReactNode;
}

interface Props {
  link: { key: string };
  before: Texts & { button: string; busy: string };
  after: (result: Address) => Texts;
  errors: Record<LinkError, Texts>;
  run: (link: { key: string }) => Promise<Address>;
  done: () => void;
}

/**
 * A page that a mail leads to. It sends the key of the link and shows the result.
 *
 * The user has to press a button first. Mail scanners open links, and some of them run scripts: if
 * the page sent the key by itself, an email would count as verified without its owner.
 */
export function KeyPage({ link, before, after, errors, run, done }: Props) {
  const action = useAction({ run, done });
  const linkError = link.key === '' ? 'key_invalid' : action.error && linkErrorOf(action.error);

  if (action.result) return <Outcome {...after(action.result)} />;
  if (linkError) return <Outcome {...errors[linkError]} />;
  return (
    <Page title={before.title} lead={before.lead}>
      {action.error && !action.pending && <RequestError error={action.error} />}
      <p className="form-actions">
        <ActionButton action={action} busy={before.busy} onClick={() => action.start(link)}>
          {before.button}
        </ActionButton>
      </p>
      <ActionStatus action={action} />
    </Page>
  );
}

function RequestError({ error }: { error: AuthError }) {
  return (
    <Alert tone="bad" urgent>
      <p>{explain(error)}</p>
    </Alert>
  );
}

function Outcome({ title, lead, help }: Texts) {
  const signedIn = useAuth().status === 'signedIn';
  return (
    <Page title={title} lead={lead}>
      {help}
      <p className="form-actions">
        <Link className="button button-primary" to={signedIn ? paths.account : paths.signIn}>
          {signedIn ? 'Go to your account' : 'Go to sign in'}
        </Link>
      </p>
    </Page>
  );
}
