import { Suspense } from 'react';
import { Outlet } from 'react-router';

import art from '../assets/pegboard.svg';
import { Brand } from '../components/Brand';
import { PageSkeleton } from '../components/Skeleton';
import { PageBoundary } from './PageBoundary';
import { SkipLink } from './SkipLink';

/** The layout of signed-out pages: a form on one side, an illustration on the other. */
export function EntryLayout() {
  return (
    <div className="entry">
      <SkipLink />
      <div className="entry-side">
        <header className="entry-head">
          <Brand />
        </header>
        <main id="main" className="entry-main" tabIndex={-1}>
          <PageBoundary>
            <Suspense fallback={<PageSkeleton fields={2} />}>
              <Outlet />
            </Suspense>
          </PageBoundary>
        </main>
      </div>
      <div className="entry-art" aria-hidden="true">
        <img src={art} alt="" width="600" height="900" />
      </div>
    </div>
  );
}
