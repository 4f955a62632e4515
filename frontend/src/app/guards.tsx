import { Navigate, Outlet, useLocation } from 'react-router';

import { PageSkeleton } from '../components/Skeleton';
import { paths } from '../config/paths';
import { useAuth } from '../lib/auth';
import { useRestore } from '../lib/queries';
import { Starting } from './Starting';

/** Pages for who is signed in. Everyone else goes to sign-in, and comes back from there. */
export function Members() {
  const { status, reason } = useAuth();
  const restore = useRestore();
  const { pathname, search, hash } = useLocation();

  if (status === 'signedIn') return <Outlet />;
  if (status === 'unknown') return <Starting restore={restore} />;
  // Who signed out on purpose, or in another tab, has not been interrupted.
  const from = reason === 'signed_out' ? undefined : pathname + search + hash;
  return <Navigate to={paths.signIn} replace state={{ from }} />;
}

/** Pages to sign in or up. Who is signed in already goes on to where they came for. */
export function Guests() {
  const { status } = useAuth();
  const restore = useRestore();
  const { state } = useLocation();

  if (status === 'signedIn') return <Navigate to={cameFor(state) ?? paths.account} replace />;
  // Where the server cannot be asked, one may at least fill in the form.
  if (status === 'unknown' && !restore.isError) return <PageSkeleton fields={2} />;
  return <Outlet />;
}

function cameFor(state: unknown): string | undefined {
  return (state as { from?: string } | null)?.from;
}
