import { bodyOf } from './api';
import type { AuthClient } from './contract';
import type { Core } from './core';
import { leave } from './signing';

type AccountMethods = Pick<
  AuthClient,
  'me' | 'rename' | 'changeEmail' | 'sessions' | 'endSession' | 'endOtherSessions' | 'events'
>;

/** What the one who is signed in can see and change. */
export function makeAccount(core: Core): AccountMethods {
  const { own } = core;
  return {
    me: () => bodyOf(own.GET('/auth/me')),
    rename: (body) => bodyOf(own.PATCH('/auth/me', { body })),
    changeEmail: async (body) => {
      await bodyOf(own.POST('/auth/email/change', { body }));
    },
    sessions: () => bodyOf(own.GET('/auth/sessions')),
    endSession: (id) => endSession(core, id),
    endOtherSessions: async () => {
      await bodyOf(own.DELETE('/auth/sessions'));
    },
    events: async (query = {}) => {
      const { results, next } = await bodyOf(own.GET('/auth/events', { params: { query } }));
      return { results, next: next && new URL(next).searchParams.get('cursor') };
    },
  };
}

async function endSession(core: Core, id: string): Promise<void> {
  const params = { path: { session_id: id } };
  await bodyOf(core.own.DELETE('/auth/sessions/{session_id}', { params }));
  if (core.session.token?.sessionId === id) leave(core);
}
