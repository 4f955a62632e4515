import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import { explain, toAuthError } from '../lib/errors';
import { useSlow } from '../lib/waiting';
import { Alert } from './Alert';

interface Props<T> {
  query: UseQueryResult<T>;
  /** A placeholder of the same size. */
  skeleton: ReactNode;
  children: (data: T) => ReactNode;
}

/** The data of a query, or a skeleton while it loads, or an error with a retry button. */
export function Loaded<T>({ query, skeleton, children }: Props<T>) {
  const slow = useSlow(query.isPending);
  if (query.isPending) {
    return (
      <>
        {skeleton}
        <p className="action-status" role="status">
          {slow ? (
            'The server is slow to respond. Still loading…'
          ) : (
            <span className="unseen">Loading…</span>
          )}
        </p>
      </>
    );
  }
  return (
    <>
      {query.isError && <LoadFailed query={query} />}
      {query.data !== undefined && children(query.data)}
    </>
  );
}

function LoadFailed({ query }: { query: UseQueryResult<unknown> }) {
  const text =
    query.data === undefined ? "Your data couldn't be loaded." : "Your data couldn't be updated.";
  return (
    <Alert tone="bad" urgent>
      <p>
        {text} {explain(toAuthError(query.error))}
      </p>
      <button type="button" className="link" onClick={() => void query.refetch()}>
        {query.isFetching ? 'Trying again…' : 'Try again'}
      </button>
    </Alert>
  );
}
