import { useState } from 'react';

import { ActionButton, ActionStatus } from '../../components/ActionButton';
import { Alert } from '../../components/Alert';
import { ConfirmDialog } from '../../components/ConfirmDialog';
import { auth } from '../../lib/auth';
import { explain } from '../../lib/errors';
import { showNotice } from '../../lib/notices';
import { useAction } from '../../lib/useAction';
import { removeSessions } from './queries';

interface Props {
  count: number;
  onSignedOut: () => void;
}

export function SignOutOthers({ count, onSignedOut }: Props) {
  const [confirming, setConfirming] = useState(false);
  const action = useAction({
    run: () => auth.endOtherSessions(),
    done: () => {
      onSignedOut();
      removeSessions(({ current }) => !current);
      showNotice('All other devices have been signed out.');
    },
  });

  return (
    <div className="list-end">
      {action.error && !action.pending && (
        <Alert tone="bad" urgent>
          <p>{explain(action.error)}</p>
        </Alert>
      )}
      <ActionButton
        action={action}
        kind="plain"
        busy="Signing out…"
        onClick={() => setConfirming(true)}
      >
        Sign out other devices
      </ActionButton>
      <ActionStatus action={action} />
      {confirming && (
        <ConfirmDialog
          title="Sign out other devices?"
          confirm="Sign out"
          cancel="Cancel"
          onCancel={() => setConfirming(false)}
          onConfirm={() => {
            setConfirming(false);
            action.start(undefined);
          }}
        >
          <p>
            {count === 1 ? 'One other device' : `${count} other devices`} will be signed out. You'll
            stay signed in here.
          </p>
        </ConfirmDialog>
      )}
    </div>
  );
}
