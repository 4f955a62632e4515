import { useState } from 'react';
import { Link } from 'react-router';

import { ConfirmDialog } from '../../components/ConfirmDialog';
import { Form } from '../../components/Form';
import { FormSkeleton } from '../../components/Skeleton';
import { Loaded } from '../../components/Loaded';
import { Page } from '../../components/Page';
import { PasswordField } from '../../components/PasswordField';
import { paths } from '../../config/paths';
import type { Account } from '../../client';
import { auth } from '../../lib/auth';
import { dismissNotice, sayOnNextPage } from '../../lib/notices';
import { useMe } from '../../lib/queries';
import { required } from '../../lib/rules';
import { useForm } from '../../lib/useForm';

export default function DeleteAccountPage() {
  return (
    <Page
      title="Delete account"
      lead="Your username, your address and your devices are erased, and all that belongs to the account goes with it. Nobody can bring it back."
    >
      <Loaded query={useMe()} skeleton={<FormSkeleton fields={1} />}>
        {(me) => <DeleteAccount key={me.id} me={me} />}
      </Loaded>
    </Page>
  );
}

function DeleteAccount({ me }: { me: Account }) {
  const [asking, setAsking] = useState(false);
  const form = useForm({
    name: 'delete-account',
    owner: me.id,
    initial: { password: '' },
    secrets: ['password'],
    check: ({ password }) => ({ password: required(password, 'Please enter your password.') }),
    send: (values) => {
      // Said before: the answer ends the session, and that leads to the next page at once.
      sayOnNextPage('Your account is deleted.');
      return auth.deleteAccount(values);
    },
    done: () => undefined,
    failed: dismissNotice,
  });

  return (
    <>
      <Form
        form={form}
        submit="Delete account"
        busy="Deleting…"
        danger
        onReady={() => setAsking(true)}
        beside={
          <Link to={paths.account} onClick={form.discard}>
            Keep my account
          </Link>
        }
      >
        <PasswordField
          {...form.field('password')}
          label="Password"
          autoComplete="current-password"
        />
      </Form>
      {asking && (
        <LastQuestion
          username={me.username}
          onNo={() => setAsking(false)}
          onYes={() => {
            setAsking(false);
            form.send();
          }}
        />
      )}
    </>
  );
}

interface QuestionProps {
  username: string;
  onNo: () => void;
  onYes: () => void;
}

function LastQuestion({ username, onNo, onYes }: QuestionProps) {
  return (
    <ConfirmDialog
      title={`Delete ${username} for good?`}
      confirm="Delete for good"
      cancel="Keep my account"
      onCancel={onNo}
      onConfirm={onYes}
    >
      <p>This cannot be undone.</p>
    </ConfirmDialog>
  );
}
