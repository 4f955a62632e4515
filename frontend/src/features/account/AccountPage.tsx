import type { ReactNode } from 'react';
import { Link } from 'react-router';

import type { Account } from '../../client';
import { Loaded } from '../../components/Loaded';
import { Page } from '../../components/Page';
import { paths } from '../../config/paths';
import { useMe } from '../../lib/queries';
import { day } from '../../lib/time';
import { EmailState } from './EmailState';

export default function AccountPage() {
  return (
    <Page title="Account">
      <Loaded query={useMe()} skeleton={<ProfileSkeleton />}>
        {(me) => <Profile me={me} />}
      </Loaded>
    </Page>
  );
}

function Profile({ me }: { me: Account }) {
  return (
    <>
      <dl className="rows">
        <Row name="Username" changeAt={paths.changeUsername}>
          {me.username}
        </Row>
        <Row name="Email" changeAt={paths.changeEmail}>
          <span className="row-main">{me.email}</span>
          <EmailState me={me} />
        </Row>
        <Row name="Password" changeAt={paths.changePassword}>
          <span className="quiet">Stored securely</span>
        </Row>
        <Row name="Member since">
          <time dateTime={me.date_joined}>{day(me.date_joined)}</time>
        </Row>
      </dl>
      <section className="danger-zone">
        <h2>Delete account</h2>
        <p>Permanently delete your account and all its data.</p>
        <Link className="link-danger" to={paths.deleteAccount}>
          Delete account…
        </Link>
      </section>
    </>
  );
}

interface RowProps {
  name: string;
  /** The path of the page that changes the value. */
  changeAt?: string;
  children: ReactNode;
}

function Row({ name, changeAt, children }: RowProps) {
  return (
    <div className="row">
      <dt>{name}</dt>
      <dd className="row-value">{children}</dd>
      {changeAt && (
        <dd className="row-action">
          <Link to={changeAt}>
            Change<span className="unseen"> {name.toLowerCase()}</span>
          </Link>
        </dd>
      )}
    </div>
  );
}

function ProfileSkeleton() {
  return (
    <div className="rows" aria-hidden="true">
      {['username', 'email', 'password', 'member'].map((row) => (
        <div key={row} className="row">
          <span className="bone bone-label" />
          <span className="bone bone-title" />
        </div>
      ))}
    </div>
  );
}
