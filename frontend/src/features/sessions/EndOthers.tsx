import { useState } from 'react';

import { ActionButton, ActionStatus } from '../../components/ActionButton';
import { Alert } from '../../components/Alert';
import { ConfirmDialog } from '../../components/ConfirmDialog';
import { auth } from '../../lib/auth';
import { explain } from '../../lib/errors';
import { say } from '../../lib/notices';
import { useAction } from '../../lib/useAction';
import { keepSessions } from './sessionList';

interface Props {
  count: number;
  onEnded: () => void;
}

export function EndOthers({ count, onEnded }: Props) {
  const [asking, setAsking] = useState(false);
  const action = useAction({
    run: () => auth.endOtherSessions(),
    done: () => {
      onEnded();
      keepSessions(({ current }) => current);
      say('Every other device is signed out.');
    },
  });

  return (
    <div className="list-end">
      {action.error && !action.pending && (
        <Alert tone="bad" urgent>
          <p>{explain(action.error)}</p>
        </Alert>
      )}
      <ActionButton action={action} kind="plain" busy="Ending…" onClick={() => setAsking(true)}>
        End all other sessions
      </ActionButton>
      <ActionStatus action={action} />
      {asking && (
        <ConfirmDialog
          title="End all other sessions?"
          confirm="End them"
          cancel="Leave them"
          onCancel={() => setAsking(false)}
          onConfirm={() => {
            setAsking(false);
            action.start(undefined);
          }}
        >
          <p>
            {count === 1 ? 'One other device is' : `${count} other devices are`} signed out at once.
            You stay signed in here.
          </p>
        </ConfirmDialog>
      )}
    </div>
  );
}
