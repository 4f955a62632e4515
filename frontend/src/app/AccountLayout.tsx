import { Suspense } from 'react';
import { NavLink, Outlet } from 'react-router';

import { Brand } from '../components/Brand';
import { PageSkeleton } from '../components/Skeleton';
import { paths } from '../config/paths';
import { useAuth } from '../lib/auth';
import { PageBoundary } from './PageBoundary';
import { SignOut } from './SignOut';
import { SkipLink } from './SkipLink';

export function AccountLayout() {
  const { accountId } = useAuth();
  return (
    <>
      <SkipLink />
      <header className="bar">
        <div className="bar-inner">
          <Brand />
          <nav className="nav" aria-label="Main">
            <NavLink to={paths.account}>Account</NavLink>
            <NavLink to={paths.devices}>Devices</NavLink>
            <NavLink to={paths.activity}>Activity</NavLink>
          </nav>
          <SignOut />
        </div>
      </header>
      <main id="main" className="content" tabIndex={-1}>
        <PageBoundary>
          <Suspense fallback={<PageSkeleton fields={2} />}>
            {/* The key clears the page when another tab signs in to a different account. */}
            <Outlet key={accountId} />
          </Suspense>
        </PageBoundary>
      </main>
    </>
  );
}
