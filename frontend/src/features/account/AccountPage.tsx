import type { ReactNode } from 'react';
import { Link } from 'react-router';

import { Loaded } from '../../components/Loaded';
import { Page } from '../../components/Page';
import { paths } from '../../config/paths';
import type { Account } from '../../client';
import { useMe } from '../../lib/queries';
import { day } from '../../lib/time';
import { EmailState } from './EmailState';
import { ProfileSkeleton } from './ProfileSkeleton';

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
        <Row
          name="Username"
          action={
            <Link to={paths.changeUsername}>
              Change<span className="unseen"> username</span>
            </Link>
          }
        >
          {me.username}
        </Row>
        <Row
          name="Email"
          action={
            <Link to={paths.changeEmail}>
              Change<span className="unseen"> address</span>
            </Link>
          }
        >
          <span className="row-main">{me.email}</span>
          <EmailState me={me} />
        </Row>
        <Row
          name="Password"
          action={
            <Link to={paths.changePassword}>
              Change<span className="unseen"> password</span>
            </Link>
          }
        >
          <span className="quiet">Kept so that nobody can read it</span>
        </Row>
        <Row name="Member since">
          <time dateTime={me.date_joined}>{day(me.date_joined)}</time>
        </Row>
      </dl>
      <section className="farewell">
        <h2>Delete account</h2>
        <p>Your account and all that belongs to it goes, at once and for good.</p>
        <Link className="link-danger" to={paths.deleteAccount}>
          Delete account…
        </Link>
      </section>
    </>
  );
}

function Row({
  name,
  action,
  children,
}: {
  name: string;
  action?: ReactNode;
  children: ReactNode;
}) {
  return (
    <div className="row">
      <dt>{name}</dt>
      <dd className="row-value">{children}</dd>
      {action && <dd className="row-action">{action}</dd>}
    </div>
  );
}
