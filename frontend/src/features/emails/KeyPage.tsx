import type { ReactNode } from 'react';
import { Link } from 'react-router';

import type { Address, AuthError } from '../../client';
import { ActionButton, ActionStatus } from '../../components/ActionButton';
import { Alert } from '../../components/Alert';
import { Page } from '../../components/Page';
import { paths } from '../../config/paths';
import { useAuth } from '../../lib/auth';
import { explain } from '../../lib/errors';
import { refusalOf, type KeyRefusal } from '../../lib/links';
import { useAction } from '../../lib/useAction';

interface Words {
  title: string;
  lead: ReactNode;
}

interface Props {
  link: { key: string };
  before: Words & { button: string; busy: string };
  after: (answer: Address) => Words;
  refused: Record<KeyRefusal, Words>;
  run: (link: { key: string }) => Promise<Address>;
  done: () => void;
  /** Beside the way on, once there is an answer. */
  help?: ReactNode;
}

/**
 * A page that a mail leads to: it asks, does what its key allows, and tells what came of it.
 *
 * It waits for a press of the button. Programs that look through mails open the links, and some of
 * them run the scripts, too: what happened by itself would then happen without anybody's will, and
 * an address would count as its owner's that the owner has never confirmed.
 */
export function KeyPage({ link, before, after, refused, run, done, help }: Props) {
  const action = useAction({ run, done });
  const refusal = link.key === '' ? 'key_invalid' : action.error && refusalOf(action.error);

  if (action.answer) return <Outcome {...after(action.answer)} />;
  if (refusal) return <Outcome {...refused[refusal]} help={help} />;
  return (
    <Page title={before.title} lead={before.lead}>
      {action.error && !action.pending && <Failure error={action.error} />}
      <p className="form-actions">
        <ActionButton action={action} busy={before.busy} onClick={() => action.start(link)}>
          {before.button}
        </ActionButton>
      </p>
      <ActionStatus action={action} />
    </Page>
  );
}

function Failure({ error }: { error: AuthError }) {
  return (
    <Alert tone="bad" urgent>
      <p>{explain(error)}</p>
    </Alert>
  );
}

function Outcome({ title, lead, help }: Words & { help?: ReactNode }) {
  const signedIn = useAuth().status === 'signedIn';
  return (
    <Page title={title} lead={lead}>
      {help}
      <p className="form-actions">
        <Link className="button button-primary" to={signedIn ? paths.account : paths.signIn}>
          {signedIn ? 'Go to your account' : 'Go to sign-in'}
        </Link>
      </p>
    </Page>
  );
}
