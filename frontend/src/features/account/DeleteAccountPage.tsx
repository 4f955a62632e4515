import { useState } from 'react';

import type { Account } from '../../client';
import { AccountForm, AccountFormPage } from '../../components/AccountFormPage';
import { ConfirmDialog } from '../../components/ConfirmDialog';
import { PasswordField } from '../../components/PasswordField';
import { auth } from '../../lib/auth';
import { dismissNotice, showNoticeOnNextPage } from '../../lib/notices';
import { required } from '../../lib/rules';
import { useForm } from '../../lib/useForm';

export default function DeleteAccountPage() {
  return (
    <AccountFormPage
      title="Delete account"
      lead="This permanently deletes your username, your email, your devices and all other data of your account."
      fields={1}
      form={DeleteAccount}
    />
  );
}

function DeleteAccount({ me }: { me: Account }) {
  const [confirming, setConfirming] = useState(false);
  const form = useForm({
    name: 'delete-account',
    owner: me.id,
    initial: { password: '' },
    secrets: ['password'],
    check: ({ password }) => ({ password: required(password, 'Enter your password.') }),
    send: (values) => {
      // Set before the request, because its response ends the session and leaves this page.
      showNoticeOnNextPage('Your account has been deleted.');
      return auth.deleteAccount(values);
    },
    done: () => undefined,
    failed: dismissNotice,
  });

  return (
    <>
      <AccountForm
        form={form}
        submit="Delete account"
        busy="Deleting…"
        danger
        onReady={() => setConfirming(true)}
      >
        <PasswordField
          {...form.field('password')}
          label="Password"
          autoComplete="current-password"
        />
      </AccountForm>
      {confirming && (
        <ConfirmDialog
          title={`Delete ${me.username}?`}
          confirm="Delete permanently"
          cancel="Keep account"
          onCancel={() => setConfirming(false)}
          onConfirm={() => {
            setConfirming(false);
            form.send();
          }}
        >
          <p>This can't be undone.</p>
        </ConfirmDialog>
      )}
    </>
  );
}
