import { describe, expect, it } from 'vitest';
import { shortDelay, gate, JANE, OTHER_USER, waitFor, freshBrowser } from './testing/browser';
import { json, errorResponse } from './testing/server';

const ENDED = { status: 'signedOut', reason: 'signed_out' };

describe.each([{ webLocks: true }, { webLocks: false }])('authentication, with %o', (support) => {
  const browser = freshBrowser(support);

  it('does not return to signed in after a sign-out during a refresh', async () => {
    const [tab, other] = await browser().openSignedIn(2);
    browser().server.expireTokens();
    const asked = [tab!.me(), other!.me()].map((call) => call.catch((error) => error.code));
    await waitFor(() => browser().server.count('/auth/refresh') > 0);
    await tab!.signOut();
    await Promise.all(asked);
    await shortDelay();
    expect([tab!.state, other!.state]).toEqual([ENDED, ENDED]);
    expect(browser().server.sessions.size).toBe(0);
    const next = browser().openTab();
    await next.restore();
    expect(next.state.status).toBe('signedOut');
  });

  it('does not repeat an earlier request after a sign-in to another account', async () => {
    const [tab] = await browser().openSignedIn(1);
    const late = gate();
    browser().server.respondOnce('/transfers', async () => {
      await late.opened;
      return errorResponse(401, 'token_expired');
    });
    const transfer = tab!.fetch('/transfers', { method: 'POST' }).catch((error) => error.code);
    await tab!.signOut();
    await tab!.signIn(OTHER_USER);
    late.open();
    expect(await transfer).toBe('session_ended');
    expect(browser().server.count('/transfers')).toBe(1);
    expect(tab!.state).toEqual({ status: 'signedIn', accountId: 2 });
  });

  it('does not repeat a request after another tab signs in, even without its message', async () => {
    const [tab] = await browser().openSignedIn(1);
    // Messages of the other page never arrive here.
    const jar = browser().jar;
    browser().server.expireTokens();
    const login = { method: 'POST', body: JSON.stringify(OTHER_USER) };
    await browser().server.respond(new Request('https://api.example.com/auth/login', login), jar);
    const transfer = tab!.fetch('/transfers', { method: 'POST' });
    await expect(transfer).rejects.toMatchObject({ code: 'session_ended' });
    expect(browser().server.count('/transfers')).toBe(1);
    expect(tab!.state).toEqual({ status: 'signedIn', accountId: 2 });
  });

  it('discards a response that arrives after the sign-out', async () => {
    const [tab] = await browser().openSignedIn(1);
    const late = gate();
    browser().server.respondOnce('/auth/me', async () => {
      await late.opened;
      return json(200, { id: 1 });
    });
    const account = tab!.me().catch((error) => error.code);
    await tab!.signOut();
    late.open();
    expect(await account).toBe('session_ended');
  });

  it('rejects a sign-out while the server cannot be reached, and stays signed in', async () => {
    const [tab, other] = await browser().openSignedIn(2);
    browser().server.respondOnce('/auth/logout', () => {
      throw new TypeError('fetch failed');
    });
    await expect(tab!.signOut()).rejects.toMatchObject({ code: 'network' });
    await shortDelay();
    expect([tab!.state.status, other!.state.status]).toEqual(['signedIn', 'signedIn']);
  });

  it('signs out of a session that the server no longer knows', async () => {
    const [tab] = await browser().openSignedIn(1);
    browser().server.respondOnce('/auth/logout', () => errorResponse(401, 'token_invalid'));
    await tab!.signOut();
    expect(tab!.state).toEqual(ENDED);
  });

  it('does not sign in after a sign-up whose email must be verified first', async () => {
    const tab = browser().openTab();
    const input = { username: 'jane_doe', email: 'jane@example.com', password: 'correct horse' };
    const { username, email } = input;
    browser().server.respondOnce('/auth/registration', () =>
      json(201, { username, email, verification: 'required' }),
    );
    const signedUp = { username, email, verificationRequired: true };
    await expect(tab.signUp(input)).resolves.toEqual(signedUp);
    expect(tab.state.status).toBe('unknown');
    await expect(tab.signUp(input)).resolves.toMatchObject({ verificationRequired: false });
    expect(tab.state).toEqual({ status: 'signedIn', accountId: 1 });
  });

  it('requests the cookie at sign-in and exposes no token to scripts', async () => {
    const tab = browser().openTab();
    browser().server.respondOnce('/auth/login', async (request, jar) => {
      expect(await request.clone().json()).toEqual({ ...JANE, refresh_in: 'cookie' });
      expect(request.credentials).toBe('include');
      expect(request.headers.get('Accept')).toBe('application/problem+json, application/json');
      return browser().server.respond(request, jar);
    });
    const signedIn = await tab.signIn(JANE);
    expect(signedIn).toEqual({ username: 'jane_doe', email: 'jane_doe@example.com' });
    expect(JSON.stringify(tab)).not.toContain('e30.');
  });

  it('signs out every tab when the account is deleted', async () => {
    const tabs = await browser().openSignedIn(2);
    browser().server.respondOnce('/auth/me/delete', () => new Response(null, { status: 204 }));
    await tabs[0]!.deleteAccount({ password: 'correct horse' });
    await waitFor(() => tabs.every(({ state }) => state.status === 'signedOut'));
  });

  it('keeps the status unknown when restore fails without a network', async () => {
    await browser().openSignedIn(1);
    const tab = browser().openTab(() => Promise.reject(new TypeError('fetch failed')));
    await expect(tab.restore()).rejects.toMatchObject({ code: 'network', status: 0 });
    expect(tab.state).toEqual({ status: 'unknown' });
  });
});
