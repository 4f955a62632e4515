import { useQuery } from '@tanstack/react-query';

import type { Session } from '../../client';
import { auth } from '../../lib/auth';
import { queryClient } from '../../lib/queries';

interface LoadedSessions {
  sessions: Session[];
  /** When the request was sent, by this device's clock. */
  requestedAt: number;
}

const queryKey = ['sessions'];

/** Load the sessions of the account. */
export function useSessions() {
  return useQuery({
    queryKey,
    queryFn: async (): Promise<LoadedSessions> => {
      const requestedAt = Date.now();
      return { sessions: await auth.sessions(), requestedAt };
    },
  });
}

/** Remove ended sessions from the loaded list at once, then load the list again. */
export function removeSessions(ended: (session: Session) => boolean): void {
  queryClient.setQueryData<LoadedSessions>(
    queryKey,
    (loaded) =>
      loaded && { ...loaded, sessions: loaded.sessions.filter((session) => !ended(session)) },
  );
  void queryClient.invalidateQueries({ queryKey });
}
