import { bodyOf } from './api';
import { signOutLocally } from './authentication';
import type { AuthClient } from './contract';
import type { Core } from './core';

type AccountMethods = Pick<
  AuthClient,
  'me' | 'rename' | 'changeEmail' | 'sessions' | 'endSession' | 'endOtherSessions' | 'events'
>;

/** Make the methods that read and change the signed-in account. */
export function makeAccount(core: Core): AccountMethods {
  const { api } = core;
  return {
    me: () => bodyOf(api.GET('/auth/me')),
    rename: (body) => bodyOf(api.PATCH('/auth/me', { body })),
    changeEmail: async (body) => {
      await bodyOf(api.POST('/auth/email/change', { body }));
    },
    sessions: () => bodyOf(api.GET('/auth/sessions')),
    endSession: (id) => endSession(core, id),
    endOtherSessions: async () => {
      await bodyOf(api.DELETE('/auth/sessions'));
    },
    events: async (query = {}) => {
      const { results, next } = await bodyOf(api.GET('/auth/events', { params: { query } }));
      return { results, next: next && new URL(next).searchParams.get('cursor') };
    },
  };
}

async function endSession(core: Core, id: string): Promise<void> {
  const params = { path: { session_id: id } };
  await bodyOf(core.api.DELETE('/auth/sessions/{session_id}', { params }));
  if (core.session.token?.sessionId === id) signOutLocally(core);
}
