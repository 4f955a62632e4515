import type { UseQueryResult } from '@tanstack/react-query';

import { Brand } from '../components/Brand';
import { explain, toAuthError } from '../lib/errors';
import { useSlow } from '../lib/waiting';

/** While it is found out whether someone is signed in, and where that fails. */
export function Starting({ restore }: { restore: UseQueryResult<boolean> }) {
  const failed = restore.isError && !restore.isFetching;
  return (
    <>
      <header className="bar">
        <div className="bar-inner">
          <Brand />
        </div>
      </header>
      <main className="content">{failed ? <Failed restore={restore} /> : <Waiting />}</main>
    </>
  );
}

function Waiting() {
  const slow = useSlow(true);
  return (
    <p className="quiet" role="status">
      {slow ? (
        'The server is slow to answer. Still waiting…'
      ) : (
        <span className="unseen">Loading…</span>
      )}
    </p>
  );
}

function Failed({ restore }: { restore: UseQueryResult<boolean> }) {
  return (
    <div className="page" role="alert">
      <h1>No answer from the server</h1>
      <p className="lead">{explain(toAuthError(restore.error))}</p>
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
