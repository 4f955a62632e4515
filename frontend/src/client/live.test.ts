import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type AuthClient, createAuthClient } from '.';
import { waitFor } from './testing/browser';
import { fetchWithCookies } from './testing/cookies';
import { Locks } from './testing/locks';

const baseUrl = process.env.API_URL ?? '';
const PASSWORD = 'correct horse battery';

let fetch: typeof globalThis.fetch;
let tabs: AuthClient[];

function openTab(ownFetch = fetch): AuthClient {
  const tab = createAuthClient({ baseUrl, fetch: ownFetch });
  tabs.push(tab);
  return tab;
}

async function signUp(tab: AuthClient): Promise<string> {
  const username = `live_${crypto.randomUUID().slice(0, 12).replaceAll('-', '_')}`;
  await tab.signUp({ username, email: `${username}@example.com`, password: PASSWORD });
  return username;
}

/** Respond with `token_expired` as the server would, without waiting for the token to expire. */
function expiring(inner: typeof globalThis.fetch, expired: { left: number }) {
  return async (...[input, init]: Parameters<typeof globalThis.fetch>) => {
    const request = new Request(input, init);
    if (!request.headers.has('Authorization') || expired.left <= 0) return inner(request);
    expired.left -= 1;
    const body = { code: 'token_expired', detail: 'This token has expired.' };
    return Response.json(body, { status: 401 });
  };
}

beforeEach(() => {
  if (!baseUrl) throw new Error('Set API_URL to a running server, such as http://localhost:8000.');
  vi.stubGlobal('navigator', { locks: new Locks() });
  fetch = fetchWithCookies();
  tabs = [];
});

afterEach(() => {
  tabs.forEach((tab) => tab.close());
  vi.unstubAllGlobals();
});

describe('against a running server', () => {
  it('signs up, reads, renames, signs out and in again', async () => {
    const tab = openTab();
    await tab.restore();
    expect(tab.state).toEqual({ status: 'signedOut' });
    const username = await signUp(tab);
    const account = await tab.me();
    expect(account).toMatchObject({ username, email: `${username}@example.com` });
    expect(tab.state).toEqual({ status: 'signedIn', accountId: account.id });
    await expect(tab.rename({ username: `${username}_2` })).resolves.toMatchObject({
      id: account.id,
    });
    await tab.signOut();
    const next = openTab();
    await next.restore();
    expect(next.state).toEqual({ status: 'signedOut' });
    await next.signIn({ username: `${username}_2`, password: PASSWORD });
    await expect(next.me()).resolves.toMatchObject({ id: account.id });
  });

  it('returns the messages of each field, with their codes', async () => {
    const tab = openTab();
    const input = { username: 'x', email: 'nobody', password: '12345678' };
    await expect(tab.signUp(input)).rejects.toMatchObject({
      code: 'invalid_input',
      status: 400,
      fields: { username: [{ code: 'username_invalid' }], email: [{ code: 'email_invalid' }] },
    });
    await expect(tab.signIn({ username: 'nobody_here', password: 'x' })).rejects.toMatchObject({
      fields: { non_field_errors: [{ code: 'credentials_invalid' }] },
    });
  });

  it('restores the session from the cookie alone', async () => {
    const username = await signUp(openTab());
    const reloaded = openTab();
    await reloaded.restore();
    await expect(reloaded.me()).resolves.toMatchObject({ username });
  });

  it('refreshes an expired token, by the timer or after the response', async () => {
    const tab = openTab();
    const username = await signUp(tab);
    // With SHORT_ACCESS_TOKEN_LIFETIME=2s on the server, this outlives two tokens.
    for (let second = 0; second < 5; second += 1) {
      await new Promise((resolve) => setTimeout(resolve, 1000));
      await expect(tab.me()).resolves.toMatchObject({ username });
    }
  });

  it('refreshes when the server says that a token has expired', async ({ skip }) => {
    let seconds = 0;
    const lengthening: typeof fetch = async (input, init) => {
      const response = await fetch(input, init);
      if (!response.url.endsWith('/auth/registration')) return response;
      const body = await response.json();
      seconds = body.expires_in;
      // Claim an hour, so that the client's own timer does not refresh first.
      return Response.json({ ...body, expires_in: 3600 }, { status: response.status });
    };
    const tab = openTab(lengthening);
    const username = await signUp(tab);
    skip(seconds > 10, 'Start the server with SHORT_ACCESS_TOKEN_LIFETIME=2s for this test.');
    await new Promise((resolve) => setTimeout(resolve, 1000 * seconds + 1000));
    await expect(tab.me()).resolves.toMatchObject({ username });
    expect(tab.state.status).toBe('signedIn');
  });

  it('refreshes in two tabs at once, 20 times, and both stay signed in', async () => {
    const expired = { left: 0 };
    const [first, second] = [openTab(expiring(fetch, expired)), openTab(expiring(fetch, expired))];
    const username = await signUp(first);
    await waitFor(() => second.state.status === 'signedIn');
    for (let round = 0; round < 20; round += 1) {
      expired.left = 2;
      const accounts = await Promise.all([first.me(), second.me()]);
      expect(accounts.map((account) => account.username)).toEqual([username, username]);
    }
    expect(first.state.status + second.state.status).toBe('signedInsignedIn');
  });

  it('refreshes in two tabs at once without Web Locks, 20 times', async () => {
    vi.stubGlobal('navigator', {});
    const expired = { left: 0 };
    const [first, second] = [openTab(expiring(fetch, expired)), openTab(expiring(fetch, expired))];
    await signUp(first);
    await waitFor(() => second.state.status === 'signedIn');
    for (let round = 0; round < 20; round += 1) {
      expired.left = 2;
      await Promise.all([first.me(), second.me()]);
    }
    expect(first.state.status + second.state.status).toBe('signedInsignedIn');
  });

  it('ends the session of another browser, which learns the reason', async () => {
    const here = openTab();
    const username = await signUp(here);
    // Another browser does not share this one's channel.
    const channel = globalThis.BroadcastChannel;
    vi.stubGlobal('BroadcastChannel', undefined);
    const elsewhere = openTab(fetchWithCookies());
    vi.stubGlobal('BroadcastChannel', channel);
    await elsewhere.signIn({ username, password: PASSWORD });
    const other = (await here.sessions()).find(({ current }) => !current);
    await here.endSession(other!.id);
    await expect(elsewhere.me()).rejects.toMatchObject({ code: 'session_ended', status: 401 });
    expect(elsewhere.state).toEqual({ status: 'signedOut', reason: 'session_ended' });
    await expect(here.sessions()).resolves.toHaveLength(1);
  });

  it('changes the password and stays signed in, in both tabs', async () => {
    const [first, second] = [openTab(), openTab()];
    await signUp(first);
    await waitFor(() => second.state.status === 'signedIn');
    const change = { password: PASSWORD, new_password: 'correct horse staple' };
    await Promise.all([first.changePassword(change), second.me(), second.me(), second.sessions()]);
    await expect(second.me()).resolves.toMatchObject({ email_verified: false });
    expect(first.state.status + second.state.status).toBe('signedInsignedIn');
  });

  it('deletes the account', async () => {
    const tab = openTab();
    const username = await signUp(tab);
    await expect(tab.deleteAccount({ password: 'wrong' })).rejects.toMatchObject({
      fields: { password: [{ code: 'password_incorrect' }] },
    });
    expect(tab.state.status).toBe('signedIn');
    await tab.deleteAccount({ password: PASSWORD });
    expect(tab.state).toEqual({ status: 'signedOut', reason: 'signed_out' });
    await expect(tab.signIn({ username, password: PASSWORD })).rejects.toMatchObject({
      status: 400,
    });
  });
});
