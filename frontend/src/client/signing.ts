import { bodyOf } from './api';
import type { AuthClient } from './contract';
import type { Core } from './core';
import { AuthError, unexpectedAnswer } from './errors';
import type { SignedIn } from './models';
import type { Session } from './session';
import type { Tabs } from './tabs';
import { now, readToken, type TokenAnswer } from './tokens';

type Signing = Pick<
  AuthClient,
  'restore' | 'signUp' | 'signIn' | 'signOut' | 'changePassword' | 'deleteAccount'
>;

/**
 * The methods that set or clear the refresh cookie. Each holds the lock while it is under way: the
 * answer to an older refresh must not put the cookie of an older session over the new one.
 */
export function makeSigning(core: Core): Signing {
  return {
    restore: () => restore(core),
    signUp: async (input) => {
      const body = { ...input, refresh_in: 'cookie' as const };
      const answer = await openSession(core, () =>
        bodyOf(core.open.POST('/auth/registration', { body, fetch: core.sendLocked })),
      );
      return { ...nameOf(answer), verificationRequired: !('token' in answer) };
    },
    signIn: async (input) => {
      const body = { ...input, refresh_in: 'cookie' as const };
      return nameOf(
        await openSession(core, () =>
          bodyOf(core.open.POST('/auth/login', { body, fetch: core.sendLocked })),
        ),
      );
    },
    signOut: () => signOut(core),
    changePassword: (input) => changePassword(core, input),
    deleteAccount: (input) => deleteAccount(core, input),
  };
}

async function restore({ session, refresher }: Core): Promise<void> {
  if (session.state.status !== 'unknown') return;
  try {
    await refresher.refresh();
  } catch (error) {
    // To learn that nobody is signed in is an answer, too.
    if (session.state.status === 'unknown') throw error;
  }
}

function openSession<T extends object>({ lock, session, tabs }: Core, ask: () => Promise<T>) {
  return lock(async () => {
    const askedAt = now();
    const answer = await ask();
    if (!(answer instanceof Object)) throw unexpectedAnswer(200);
    // Where addresses have to be verified first, a registration brings no token.
    if (hasToken(answer)) takeOver(session, tabs, answer, askedAt);
    return answer;
  });
}

function hasToken(answer: object): answer is TokenAnswer {
  return 'token' in answer;
}

function takeOver(session: Session, tabs: Tabs, answer: TokenAnswer, askedAt: number): void {
  const token = readToken(answer, askedAt);
  session.adopt(token);
  tabs.tellToken('signed_in', token);
}

async function signOut(core: Core): Promise<void> {
  const { era } = core.session;
  await core.lock(async () => {
    // Another tab was quicker, and may have signed in somebody else.
    if (core.session.era !== era) return;
    await endOnServer(core);
    leave(core);
  });
}

async function endOnServer({ open, session, sendLocked }: Core): Promise<void> {
  const headers = session.token ? { Authorization: `Bearer ${session.token.value}` } : {};
  try {
    await bodyOf(open.POST('/auth/logout', { headers, fetch: sendLocked }));
  } catch (error) {
    // Nothing names a session any more, so there is nothing left to end.
    if (!(error instanceof AuthError) || error.status !== 401) throw error;
  }
}

/** Be signed out by choice, in every tab. */
export function leave({ session, tabs }: Core): void {
  const sessionId = session.token?.sessionId;
  session.end('signed_out');
  tabs.tellSignOut('signed_out', sessionId);
}

/** The answer opens a new session: every older one is over, the one that asked for it too. */
async function changePassword(
  core: Core,
  input: { password: string; new_password: string },
): Promise<void> {
  const body = { ...input, refresh_in: 'cookie' as const };
  const send = (request: Request) => sendAndAdopt(core, request);
  const fetch = (request: Request) => core.requests.send(request, send);
  await bodyOf(core.own.POST('/auth/password/change', { body, fetch }));
}

function sendAndAdopt({ lock, sendLocked, session, tabs }: Core, request: Request) {
  return lock(async () => {
    const askedAt = now();
    const response = await sendLocked(request);
    if (response.ok) takeOver(session, tabs, await response.clone().json(), askedAt);
    return response;
  });
}

async function deleteAccount(core: Core, body: { password: string }): Promise<void> {
  const send = (request: Request) => core.lock(() => core.sendLocked(request));
  const fetch = (request: Request) => core.requests.send(request, send);
  await bodyOf(core.own.POST('/auth/me/delete', { body, fetch }));
  leave(core);
}

function nameOf({ username, email }: SignedIn): SignedIn {
  return { username, email };
}
