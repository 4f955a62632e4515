import type { Session } from '../../client';
import { queryClient } from '../../lib/queries';

interface Answer {
  sessions: Session[];
  asked: number;
}

/** Take sessions off the list at once, and have the server's list brought up behind it. */
export function keepSessions(kept: (session: Session) => boolean): void {
  queryClient.setQueryData<Answer>(
    ['sessions'],
    (answer) => answer && { ...answer, sessions: answer.sessions.filter(kept) },
  );
  void queryClient.invalidateQueries({ queryKey: ['sessions'] });
}
