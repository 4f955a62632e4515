import { bodyOf } from './api';
import type { AuthClient } from './contract';
import type { Core } from './core';
import { AuthError, unexpectedResponse } from './errors';
import type { SignedIn } from './models';
import type { Session } from './session';
import type { Tabs } from './tabs';
import { now, readToken, type TokenResponse } from './tokens';

type AuthenticationMethods = Pick<
  AuthClient,
  'restore' | 'signUp' | 'signIn' | 'signOut' | 'changePassword' | 'deleteAccount'
>;

/**
 * Make the methods that set or clear the refresh cookie. Each holds the lock while its request is
 * pending: a late refresh response must not overwrite a newer session's cookie.
 */
export function makeAuthentication(core: Core): AuthenticationMethods {
  return {
    restore: () => restore(core),
    signUp: async (input) => {
      const body = { ...input, refresh_in: 'cookie' as const };
      const response = await openSession(core, () =>
        bodyOf(core.publicApi.POST('/auth/registration', { body, fetch: core.sendLocked })),
      );
      return { ...nameOf(response), verificationRequired: !('token' in response) };
    },
    signIn: async (input) => {
      const body = { ...input, refresh_in: 'cookie' as const };
      return nameOf(
        await openSession(core, () =>
          bodyOf(core.publicApi.POST('/auth/login', { body, fetch: core.sendLocked })),
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
    // A refused refresh is a result too: the state is `signedOut` then.
    if (session.state.status === 'unknown') throw error;
  }
}

function openSession<T extends object>({ lock, session, tabs }: Core, request: () => Promise<T>) {
  return lock(async () => {
    const requestedAt = now();
    const response = await request();
    if (!(response instanceof Object)) throw unexpectedResponse(200);
    // A sign-up returns no token where the email must be verified first.
    if (hasToken(response)) adoptAndShare(session, tabs, response, requestedAt);
    return response;
  });
}

function hasToken(response: object): response is TokenResponse {
  return 'token' in response;
}

function adoptAndShare(
  session: Session,
  tabs: Tabs,
  response: TokenResponse,
  requestedAt: number,
): void {
  const token = readToken(response, requestedAt);
  session.adopt(token);
  tabs.sendToken('signed_in', token);
}

async function signOut(core: Core): Promise<void> {
  const { era } = core.session;
  await core.lock(async () => {
    // Another tab signed out first, and may have signed in to a different account.
    if (core.session.era !== era) return;
    await endOnServer(core);
    signOutLocally(core);
  });
}

async function endOnServer({ publicApi, session, sendLocked }: Core): Promise<void> {
  const headers = session.token ? { Authorization: `Bearer ${session.token.value}` } : {};
  try {
    await bodyOf(publicApi.POST('/auth/logout', { headers, fetch: sendLocked }));
  } catch (error) {
    // The server knows no session for these credentials, so there is nothing to end.
    if (!(error instanceof AuthError) || error.status !== 401) throw error;
  }
}

/** Forget the session in every tab. The server must have ended it already. */
export function signOutLocally({ session, tabs }: Core): void {
  const sessionId = session.token?.sessionId;
  session.end('signed_out');
  tabs.sendSignOut('signed_out', sessionId);
}

/** Change the password and adopt the new session in the response; all older sessions are over. */
async function changePassword(
  core: Core,
  input: { password: string; new_password: string },
): Promise<void> {
  const body = { ...input, refresh_in: 'cookie' as const };
  const send = (request: Request) => sendAndAdopt(core, request);
  const fetch = (request: Request) => core.requests.send(request, send);
  await bodyOf(core.api.POST('/auth/password/change', { body, fetch }));
}

function sendAndAdopt({ lock, sendLocked, session, tabs }: Core, request: Request) {
  return lock(async () => {
    const requestedAt = now();
    const response = await sendLocked(request);
    if (response.ok) adoptAndShare(session, tabs, await response.clone().json(), requestedAt);
    return response;
  });
}

async function deleteAccount(core: Core, body: { password: string }): Promise<void> {
  const send = (request: Request) => core.lock(() => core.sendLocked(request));
  const fetch = (request: Request) => core.requests.send(request, send);
  await bodyOf(core.api.POST('/auth/me/delete', { body, fetch }));
  signOutLocally(core);
}

function nameOf({ username, email }: SignedIn): SignedIn {
  return { username, email };
}
