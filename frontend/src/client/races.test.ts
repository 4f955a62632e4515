import { describe, expect, it } from 'vitest';
import { aWhile, type Browser, freshBrowser, gate, JOHN, settled } from './testing/browser';

const ENDED = { status: 'signedOut', reason: 'signed_out' };

/** Let the server use the cookie at once, and its answer arrive when the gate opens. */
function answerLate({ server }: Browser, opened: Promise<void>): void {
  server.next('/auth/refresh', async (request, jar) => {
    const rotated = { ...jar };
    const answer = await server.answer(request, rotated);
    await opened;
    Object.assign(jar, rotated);
    return answer;
  });
}

describe('while a refresh is under way in one tab, another one', () => {
  const browser = freshBrowser();

  it('signs in after it, so that the cookie is the one of the sign-in', async () => {
    const [tab, other] = await browser().openSignedIn(2);
    const { jar, server } = browser();
    const late = gate();
    answerLate(browser(), late.opened);
    server.expireTokens();
    const account = tab!.me().catch((error) => error.code);
    await settled(() => server.count('/auth/refresh') === 1);
    const signedIn = other!.signIn(JOHN);
    await aWhile();
    expect(server.count('/auth/login')).toBe(0);
    late.open();
    await signedIn;
    await account;
    expect(server.sessions.get(jar.refresh!.split(':')[0]!)?.accountId).toBe(2);
  });

  it('signs out after it, so that no cookie stays behind', async () => {
    const [tab, other] = await browser().openSignedIn(2);
    const { jar, server } = browser();
    const late = gate();
    answerLate(browser(), late.opened);
    server.expireTokens();
    const account = tab!.me().catch((error) => error.code);
    await settled(() => server.count('/auth/refresh') === 1);
    const signedOut = other!.signOut();
    await aWhile();
    late.open();
    await signedOut;
    await account;
    expect(jar).toEqual({});
  });

  it('signs out, and who waited for the next refresh does not ask for it', async () => {
    const [tab, other] = await browser().openSignedIn(2);
    const { server } = browser();
    const late = gate();
    server.next('/auth/logout', async (request, jar) => {
      await late.opened;
      return server.answer(request, jar);
    });
    const signedOut = tab!.signOut();
    await settled(() => server.count('/auth/logout') === 1);
    server.expireTokens();
    const account = other!.me().catch((error) => error.code);
    await aWhile();
    late.open();
    await signedOut;
    expect(await account).toBe('session_ended');
    expect(server.count('/auth/refresh')).toBe(0);
  });
});

describe('without Web Locks, an answer to a refresh that comes late', () => {
  const browser = freshBrowser({ webLocks: false });

  it('after a sign-out in another tab does not sign in the tab that restores', async () => {
    const [tab] = await browser().openSignedIn(1);
    const late = gate();
    answerLate(browser(), late.opened);
    const restoring = browser().openTab();
    const restored = restoring.restore();
    await settled(() => browser().server.count('/auth/refresh') === 1);
    await tab!.signOut();
    await aWhile();
    late.open();
    await restored;
    expect(restoring.state).toEqual(ENDED);
  });

  it('after a sign-in as somebody else changes nothing for them', async () => {
    const [tab, other] = await browser().openSignedIn(2);
    const late = gate();
    answerLate(browser(), late.opened);
    browser().server.expireTokens();
    const account = tab!.me().catch((error) => error.code);
    await settled(() => browser().server.count('/auth/refresh') === 1);
    await other!.signIn(JOHN);
    await settled(() => tab!.state.accountId === 2);
    late.open();
    expect(await account).toBe('session_ended');
    await aWhile();
    expect([tab!.state.accountId, other!.state.accountId]).toEqual([2, 2]);
  });
});

describe('a message of another tab that arrives late', () => {
  const browser = freshBrowser();

  async function post(message: object): Promise<void> {
    const channel = new BroadcastChannel('oddjobbox');
    channel.postMessage(message);
    await aWhile();
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

  it('with a token of an earlier session, or of an earlier refresh, is not used', async () => {
    const [tab] = await browser().openSignedIn(1);
    const { server } = browser();
    server.expireTokens();
    await tab!.me();
    const [sid] = server.sessions.keys();
    await post(refreshed({ id: 2, sid: 'an-earlier-one', gen: 7 }));
    await post(refreshed({ id: 1, sid, gen: 0 }));
    server.next('/auth/me', (request, jar) => {
      expect(request.headers.get('Authorization')).toMatch(/\.made-up$/);
      return server.answer(request, jar);
    });
    await expect(tab!.me()).resolves.toMatchObject({ id: 1 });
    expect(tab!.state.accountId).toBe(1);
  });

  it('of a newer release of the app is passed over', async () => {
    const [tab] = await browser().openSignedIn(1);
    await post({ kind: 'something_new', token: 'e30.e30.e30' });
    await expect(tab!.me()).resolves.toMatchObject({ id: 1 });
  });
});
