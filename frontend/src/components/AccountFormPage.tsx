import type { ComponentProps, ComponentType } from 'react';
import { Link } from 'react-router';

import type { Account } from '../client';
import { paths } from '../config/paths';
import { useMe } from '../lib/queries';
import { Form } from './Form';
import { Loaded } from './Loaded';
import { Page } from './Page';
import { FormSkeleton } from './Skeleton';

interface Props {
  title: string;
  lead: string;
  /** The number of fields that the skeleton shows. */
  fields: number;
  form: ComponentType<{ me: Account }>;
}

/** A page with a form about the signed-in account. A different account gets a new form. */
export function AccountFormPage({ title, lead, fields, form: AccountForm }: Props) {
  return (
    <Page title={title} lead={lead}>
      <Loaded query={useMe()} skeleton={<FormSkeleton fields={fields} />}>
        {(me) => <AccountForm key={me.id} me={me} />}
      </Loaded>
    </Page>
  );
}

/** A form that leads back to the account page, and says if it was restored from a draft. */
export function AccountForm(props: Omit<ComponentProps<typeof Form>, 'beside'>) {
  const { form, children } = props;
  return (
    <Form
      {...props}
      beside={
        <Link to={paths.account} onClick={form.discard}>
          Cancel
        </Link>
      }
    >
      {form.restored && <p className="restored">What you typed earlier is still here.</p>}
      {children}
    </Form>
  );
}
