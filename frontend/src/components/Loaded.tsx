import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import { explain, toAuthError } from '../lib/errors';
import { useSlow } from '../lib/waiting';
import { Alert } from './Alert';

interface Props<T> {
  query: UseQueryResult<T>;
  /** What stands in the place meanwhile, of the same size. */
  skeleton: ReactNode;
  children: (data: T) => ReactNode;
}

/** What was asked for, or that it loads, or why it did not, with a way on. */
export function Loaded<T>({ query, skeleton, children }: Props<T>) {
  const slow = useSlow(query.isPending);
  if (query.isPending) {
    return (
      <>
        {skeleton}
        <p className="action-status" role="status">
          {slow ? (
            'The server is slow to answer. Still waiting…'
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
    query.data === undefined
      ? 'This could not be loaded.'
      : 'This could not be brought up to date.';
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
