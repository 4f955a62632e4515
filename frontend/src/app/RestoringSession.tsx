import type { UseQueryResult } from '@tanstack/react-query';

import { Brand } from '../components/Brand';
import { explain, toAuthError } from '../lib/errors';
import { useSlow } from '../lib/waiting';

/** Shown while the session is restored, and if that fails. */
export function RestoringSession({ restore }: { restore: UseQueryResult<boolean> }) {
  const failed = restore.isError && !restore.isFetching;
  return (
    <>
      <header className="bar">
        <div className="bar-inner">
          <Brand />
        </div>
      </header>
      <main className="content">{failed ? <RestoreFailed restore={restore} /> : <Loading />}</main>
    </>
  );
}

function Loading() {
  const slow = useSlow(true);
  return (
    <p className="quiet" role="status">
      {slow ? (
        'The server is slow to respond. Still loading…'
      ) : (
        <span className="unseen">Loading…</span>
      )}
    </p>
  );
}

function RestoreFailed({ restore }: { restore: UseQueryResult<boolean> }) {
  return (
    <div className="page" role="alert">
      <header className="page-head">
        <h1>Something went wrong</h1>
        <p className="lead">{explain(toAuthError(restore.error))}</p>
      </header>
      <p>
        <button
          type="button"
          className="button button-primary"
          onClick={() => void restore.refetch()}
        >
          Try again
        </button>
      </p>
    </div>
  );
}
