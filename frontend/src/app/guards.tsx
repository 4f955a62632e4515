import { Navigate, Outlet, useLocation } from 'react-router';

import { PageSkeleton } from '../components/Skeleton';
import { paths } from '../config/paths';
import { useAuth } from '../lib/auth';
import { useRestore } from '../lib/queries';
import { RestoringSession } from './RestoringSession';

/** Pages that require a sign-in. Other users go to the sign-in page, which leads back here. */
export function SignedInOnly() {
  const { status, reason } = useAuth();
  const restore = useRestore();
  const { pathname, search, hash } = useLocation();

  if (status === 'signedIn') return <Outlet />;
  if (status === 'unknown') return <RestoringSession restore={restore} />;
  // A user who signed out does not want to return to this page.
  const from = reason === 'signed_out' ? undefined : pathname + search + hash;
  return <Navigate to={paths.signIn} replace state={{ from }} />;
}

/** Pages to sign in or up. A signed-in user goes on to the page they came from, or the account. */
export function SignedOutOnly() {
  const { status } = useAuth();
  const restore = useRestore();
  const { state } = useLocation();

  if (status === 'signedIn') return <Navigate to={returnPath(state) ?? paths.account} replace />;
  // The form is shown even if the server cannot be reached.
  if (status === 'unknown' && !restore.isError) return <PageSkeleton fields={2} />;
  return <Outlet />;
}

function returnPath(state: unknown): string | undefined {
  return (state as { from?: string } | null)?.from;
}
