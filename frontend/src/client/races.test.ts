import { describe, expect, it } from 'vitest';
import {
  shortDelay,
  type Browser,
  freshBrowser,
  gate,
  OTHER_USER,
  waitFor,
} from './testing/browser';

const ENDED = { status: 'signedOut', reason: 'signed_out' };

/** Rotate the refresh token at once, and send the response when the promise resolves. */
function delayRefreshResponse({ server }: Browser, opened: Promise<void>): void {
  server.respondOnce('/auth/refresh', async (request, jar) => {
    const rotated = { ...jar };
    const response = await server.respond(request, rotated);
    await opened;
    Object.assign(jar, rotated);
    return response;
  });
}

describe('while a refresh is pending in one tab, another tab', () => {
  const browser = freshBrowser();

  it('signs in after it, so that the sign-in keeps its cookie', async () => {
    const [tab, other] = await browser().openSignedIn(2);
    const { jar, server } = browser();
    const late = gate();
    delayRefreshResponse(browser(), late.opened);
    server.expireTokens();
    const account = tab!.me().catch((error) => error.code);
    await waitFor(() => server.count('/auth/refresh') === 1);
    const signedIn = other!.signIn(OTHER_USER);
    await shortDelay();
    expect(server.count('/auth/login')).toBe(0);
    late.open();
    await signedIn;
    await account;
    expect(server.sessions.get(jar.refresh!.split(':')[0]!)?.accountId).toBe(2);
  });

  it('signs out after it, so that no cookie remains', async () => {
    const [tab, other] = await browser().openSignedIn(2);
    const { jar, server } = browser();
    const late = gate();
    delayRefreshResponse(browser(), late.opened);
    server.expireTokens();
    const account = tab!.me().catch((error) => error.code);
    await waitFor(() => server.count('/auth/refresh') === 1);
    const signedOut = other!.signOut();
    await shortDelay();
    late.open();
    await signedOut;
    await account;
    expect(jar).toEqual({});
  });

  it('signs out, and the tab waiting for the next refresh does not send it', async () => {
    const [tab, other] = await browser().openSignedIn(2);
    const { server } = browser();
    const late = gate();
    server.respondOnce('/auth/logout', async (request, jar) => {
      await late.opened;
      return server.respond(request, jar);
    });
    const signedOut = tab!.signOut();
    await waitFor(() => server.count('/auth/logout') === 1);
    server.expireTokens();
    const account = other!.me().catch((error) => error.code);
    await shortDelay();
    late.open();
    await signedOut;
    expect(await account).toBe('session_ended');
    expect(server.count('/auth/refresh')).toBe(0);
  });
});

describe('without Web Locks, a late refresh response', () => {
  const browser = freshBrowser({ webLocks: false });

  it('after a sign-out in another tab does not sign in the tab that restores', async () => {
    const [tab] = await browser().openSignedIn(1);
    const late = gate();
    delayRefreshResponse(browser(), late.opened);
    const restoring = browser().openTab();
    const restored = restoring.restore();
    await waitFor(() => browser().server.count('/auth/refresh') === 1);
    await tab!.signOut();
    await shortDelay();
    late.open();
    await restored;
    expect(restoring.state).toEqual(ENDED);
  });

  it('after a sign-in to another account does not change that session', async () => {
    const [tab, other] = await browser().openSignedIn(2);
    const late = gate();
    delayRefreshResponse(browser(), late.opened);
    browser().server.expireTokens();
    const account = tab!.me().catch((error) => error.code);
    await waitFor(() => browser().server.count('/auth/refresh') === 1);
    await other!.signIn(OTHER_USER);
    await waitFor(() => tab!.state.accountId === 2);
    late.open();
    expect(await account).toBe('session_ended');
    await shortDelay();
    expect([tab!.state.accountId, other!.state.accountId]).toEqual([2, 2]);
  });
});

describe('a late message from another tab', () => {
  const browser = freshBrowser();

  async function post(message: object): Promise<void> {
    const channel = new BroadcastChannel('oddjobbox');
    channel.postMessage(message);
    await shortDelay();
    channel.close();
  }

  function refreshed(claims: object): object {
    const payload = Buffer.from(JSON.stringify(claims)).toString('base64url');
    return { kind: 'refreshed', token: `e30.${payload}.old`, remainingMs: 60_000 };
  }

  it('about the end of an earlier session does not end this one', async () => {
    const [tab] = await browser().openSignedIn(1);
    await post({ kind: 'signed_out', reason: 'session_ended', sessionId: 'an-earlier-one' });
    expect(tab!.state.status).toBe('signedIn');
  });

  it('with a token of an earlier session or an earlier refresh is ignored', async () => {
    const [tab] = await browser().openSignedIn(1);
    const { server } = browser();
    server.expireTokens();
    await tab!.me();
    const [sid] = server.sessions.keys();
    await post(refreshed({ id: 2, sid: 'an-earlier-one', gen: 7 }));
    await post(refreshed({ id: 1, sid, gen: 0 }));
    server.respondOnce('/auth/me', (request, jar) => {
      expect(request.headers.get('Authorization')).toMatch(/\.made-up$/);
      return server.respond(request, jar);
    });
    await expect(tab!.me()).resolves.toMatchObject({ id: 1 });
    expect(tab!.state.accountId).toBe(1);
  });

  it('from a newer release of the app is ignored', async () => {
    const [tab] = await browser().openSignedIn(1);
    await post({ kind: 'something_new', token: 'e30.e30.e30' });
    await expect(tab!.me()).resolves.toMatchObject({ id: 1 });
  });
});
