import { describe, expect, it } from 'vitest';
import { aWhile, gate, JANE, JOHN, settled, freshBrowser } from './testing/browser';
import { json, refusal } from './testing/server';

const ENDED = { status: 'signedOut', reason: 'signed_out' };

describe.each([{ webLocks: true }, { webLocks: false }])('signing, with %o', (support) => {
  const browser = freshBrowser(support);

  it('out while a refresh is under way does not come back signed in', async () => {
    const [tab, other] = await browser().openSignedIn(2);
    browser().server.expireTokens();
    const asked = [tab!.me(), other!.me()].map((call) => call.catch((error) => error.code));
    await settled(() => browser().server.count('/auth/refresh') > 0);
    await tab!.signOut();
    await Promise.all(asked);
    await aWhile();
    expect([tab!.state, other!.state]).toEqual([ENDED, ENDED]);
    expect(browser().server.sessions.size).toBe(0);
    const next = browser().openTab();
    await next.restore();
    expect(next.state.status).toBe('signedOut');
  });

  it('out and in as somebody else: an earlier request is not sent for them', async () => {
    const [tab] = await browser().openSignedIn(1);
    const late = gate();
    browser().server.next('/transfers', async () => {
      await late.opened;
      return refusal(401, 'token_expired');
    });
    const transfer = tab!.fetch('/transfers', { method: 'POST' }).catch((error) => error.code);
    await tab!.signOut();
    await tab!.signIn(JOHN);
    late.open();
    expect(await transfer).toBe('session_ended');
    expect(browser().server.count('/transfers')).toBe(1);
    expect(tab!.state).toEqual({ status: 'signedIn', accountId: 2 });
  });

  it('in as somebody else in another tab: nothing is sent for them, even unheard', async () => {
    const [tab] = await browser().openSignedIn(1);
    // The other page is a program of its own here: its messages never arrive.
    const jar = browser().jar;
    browser().server.expireTokens();
    const login = { method: 'POST', body: JSON.stringify(JOHN) };
    await browser().server.answer(new Request('https://api.example.com/auth/login', login), jar);
    const transfer = tab!.fetch('/transfers', { method: 'POST' });
    await expect(transfer).rejects.toMatchObject({ code: 'session_ended' });
    expect(browser().server.count('/transfers')).toBe(1);
    expect(tab!.state).toEqual({ status: 'signedIn', accountId: 2 });
  });

  it('an answer that comes after the sign-out reaches nobody', async () => {
    const [tab] = await browser().openSignedIn(1);
    const late = gate();
    browser().server.next('/auth/me', async () => {
      await late.opened;
      return json(200, { id: 1 });
    });
    const account = tab!.me().catch((error) => error.code);
    await tab!.signOut();
    late.open();
    expect(await account).toBe('session_ended');
  });

  it('out is refused while the server cannot be asked, and nobody is signed out', async () => {
    const [tab, other] = await browser().openSignedIn(2);
    browser().server.next('/auth/logout', () => {
      throw new TypeError('fetch failed');
    });
    await expect(tab!.signOut()).rejects.toMatchObject({ code: 'network' });
    await aWhile();
    expect([tab!.state.status, other!.state.status]).toEqual(['signedIn', 'signedIn']);
  });

  it('out of a session that nothing names any more is done', async () => {
    const [tab] = await browser().openSignedIn(1);
    browser().server.next('/auth/logout', () => refusal(401, 'token_invalid'));
    await tab!.signOut();
    expect(tab!.state).toEqual(ENDED);
  });

  it('up, where the address has to be verified first, signs nobody in', async () => {
    const tab = browser().openTab();
    const input = { username: 'jane_doe', email: 'jane@example.com', password: 'correct horse' };
    const { username, email } = input;
    browser().server.next('/auth/registration', () =>
      json(201, { username, email, verification: 'required' }),
    );
    const answer = { username, email, verificationRequired: true };
    await expect(tab.signUp(input)).resolves.toEqual(answer);
    expect(tab.state.status).toBe('unknown');
    await expect(tab.signUp(input)).resolves.toMatchObject({ verificationRequired: false });
    expect(tab.state).toEqual({ status: 'signedIn', accountId: 1 });
  });

  it('in asks for the cookie and keeps no token where a script could find it', async () => {
    const tab = browser().openTab();
    browser().server.next('/auth/login', async (request, jar) => {
      expect(await request.clone().json()).toEqual({ ...JANE, refresh_in: 'cookie' });
      expect(request.credentials).toBe('include');
      expect(request.headers.get('Accept')).toBe('application/problem+json, application/json');
      return browser().server.answer(request, jar);
    });
    const answer = await tab.signIn(JANE);
    expect(answer).toEqual({ username: 'jane_doe', email: 'jane_doe@example.com' });
    expect(JSON.stringify(tab)).not.toContain('e30.');
  });

  it('the account is deleted, and every tab is signed out', async () => {
    const tabs = await browser().openSignedIn(2);
    browser().server.next('/auth/me/delete', () => new Response(null, { status: 204 }));
    await tabs[0]!.deleteAccount({ password: 'correct horse' });
    await settled(() => tabs.every(({ state }) => state.status === 'signedOut'));
  });

  it('restore without a network leaves everything open', async () => {
    await browser().openSignedIn(1);
    const tab = browser().openTab(() => Promise.reject(new TypeError('fetch failed')));
    await expect(tab.restore()).rejects.toMatchObject({ code: 'network', status: 0 });
    expect(tab.state).toEqual({ status: 'unknown' });
  });
});
