import { describe, expect, it, vi } from 'vitest';
import { waitFor, freshBrowser } from './testing/browser';
import { json, errorResponse } from './testing/server';

const browser = freshBrowser();

describe('a request that fails with token_expired', () => {
  it('is repeated with a new token', async () => {
    const [tab] = await browser().openSignedIn(1);
    browser().server.expireTokens();
    await expect(tab!.me()).resolves.toMatchObject({ id: 1 });
    expect(browser().server.log).toEqual(['/auth/me', '/auth/refresh', '/auth/me']);
  });

  it('is repeated with its body', async () => {
    const [tab] = await browser().openSignedIn(1);
    browser().server.expireTokens();
    const response = await tab!.fetch('/things', { method: 'POST', body: 'a thing' });
    expect(await response.json()).toEqual({ id: 1, sent: 'a thing' });
  });

  it('shares one refresh with 19 others', async () => {
    const [tab] = await browser().openSignedIn(1);
    browser().server.expireTokens();
    const accounts = await Promise.all(Array.from({ length: 20 }, () => tab!.me()));
    expect(accounts.map(({ id }) => id)).toEqual(Array(20).fill(1));
    expect(browser().server.count('/auth/refresh')).toBe(1);
    expect(browser().server.count('/auth/me')).toBe(40);
  });

  it('shares a failed refresh with 19 others, so that an overloaded server gets one request', async () => {
    const [tab] = await browser().openSignedIn(1);
    browser().server.expireTokens();
    browser().server.respondOnce('/auth/refresh', () => errorResponse(503, 'unavailable'));
    const calls = await Promise.allSettled(Array.from({ length: 20 }, () => tab!.me()));
    expect(calls.map(({ status }) => status)).toEqual(Array(20).fill('rejected'));
    expect(browser().server.count('/auth/refresh')).toBe(1);
  });

  it('shares one refresh with the requests of two other tabs', async () => {
    const tabs = await browser().openSignedIn(3);
    browser().server.expireTokens();
    await Promise.all(tabs.flatMap((tab) => [tab.me(), tab.me(), tab.me(), tab.me()]));
    expect(browser().server.count('/auth/refresh')).toBe(1);
  });

  it('is repeated only once, and then rejects', async () => {
    const [tab] = await browser().openSignedIn(1);
    const expired = () => errorResponse(401, 'token_expired');
    browser().server.respondOnce('/auth/me', expired);
    browser().server.respondOnce('/auth/me', expired);
    await expect(tab!.me()).rejects.toMatchObject({ code: 'token_expired', status: 401 });
    expect(tab!.state.status).toBe('signedIn');
  });
});

describe('a refresh error that says nothing about the session', () => {
  const failures = [
    ['a server error', () => errorResponse(500, 'server_error'), { code: 'server_error' }],
    [
      'a busy server',
      () => errorResponse(503, 'unavailable', { 'Retry-After': '7' }),
      { code: 'unavailable', retryAfterSeconds: 7 },
    ],
    [
      'too many requests',
      () => errorResponse(429, 'throttled', { 'Retry-After': '9' }),
      { code: 'throttled', retryAfterSeconds: 9 },
    ],
    [
      'an origin that is not allowed',
      () => errorResponse(403, 'origin_not_allowed'),
      { status: 403 },
    ],
    ['a proxy page', () => new Response('<p>Sign in to the Wi-Fi</p>'), { code: 'unexpected' }],
    ['a response without a token', () => json(200, {}), { code: 'unexpected' }],
  ] as const;

  it.each(failures)('%s: both tabs stay signed in', async (_, respond, error) => {
    const [tab, other] = await browser().openSignedIn(2);
    browser().server.expireTokens();
    browser().server.respondOnce('/auth/refresh', respond);
    await expect(tab!.me()).rejects.toMatchObject(error);
    expect([tab!.state.status, other!.state.status]).toEqual(['signedIn', 'signedIn']);
    await expect(tab!.me()).resolves.toMatchObject({ id: 1 });
  });

  it('offline: the tab stays signed in and works again with the network', async () => {
    const [tab] = await browser().openSignedIn(1);
    browser().server.expireTokens();
    browser().server.respondOnce('/auth/refresh', offline);
    browser().server.respondOnce('/auth/refresh', offline);
    await expect(tab!.me()).rejects.toMatchObject({ code: 'network', status: 0 });
    expect(tab!.state.status).toBe('signedIn');
    await expect(tab!.me()).resolves.toMatchObject({ id: 1 });
  });

  it('a lost response: the refresh is repeated', async () => {
    const [tab] = await browser().openSignedIn(1);
    const { jar, server } = browser();
    server.expireTokens();
    server.respondOnce('/auth/refresh', async (request) => {
      await server.respond(request, { ...jar });
      return offline();
    });
    await expect(tab!.me()).resolves.toMatchObject({ id: 1 });
    expect(server.count('/auth/refresh')).toBe(2);
    expect(tab!.state.status).toBe('signedIn');
  });
});

describe('a rejected refresh', () => {
  it.each(['session_ended', 'refresh_reused', 'user_inactive'] as const)(
    '%s: every tab is signed out with the reason',
    async (code) => {
      const tabs = await browser().openSignedIn(2);
      browser().server.expireTokens();
      browser().server.respondOnce('/auth/refresh', () => errorResponse(401, code));
      await expect(tabs[0]!.me()).rejects.toMatchObject({ code, status: 401 });
      await waitFor(() => tabs.every(({ state }) => state.status === 'signedOut'));
      expect(tabs.map(({ state }) => state)).toEqual(
        Array(2).fill({ status: 'signedOut', reason: code }),
      );
    },
  );

  it('the next request detects a session that was ended elsewhere', async () => {
    const [tab] = await browser().openSignedIn(1);
    browser().server.sessions.clear();
    await expect(tab!.sessions()).rejects.toMatchObject({ code: 'session_ended' });
    expect(tab!.state).toEqual({ status: 'signedOut', reason: 'session_ended' });
  });

  it('a missing cookie counts as an ended session', async () => {
    const [tab] = await browser().openSignedIn(1);
    browser().server.expireTokens();
    delete browser().jar.refresh;
    await expect(tab!.me()).rejects.toMatchObject({ status: 401 });
    expect(tab!.state).toEqual({ status: 'signedOut', reason: 'session_ended' });
  });
});

describe('time', () => {
  it.each([-3_600_000, 3_600_000])('the wall clock may be wrong by %d ms', async (wrong) => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + wrong });
    const [tab] = await browser().openSignedIn(1);
    vi.setSystemTime(Date.now() - 2 * wrong);
    await tab!.me();
    expect(browser().server.log).toEqual(['/auth/me']);
  });

  it('one tab refreshes the token before it expires', async () => {
    browser().server.expiresIn = 0.6;
    await browser().openSignedIn(3);
    browser().server.expiresIn = 900;
    await waitFor(() => browser().server.log.length > 0);
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(browser().server.log).toEqual(['/auth/refresh']);
  });

  it('a token past its expires_in is not sent', async () => {
    browser().server.expiresIn = 0.1;
    const [tab] = await browser().openSignedIn(1);
    browser().server.respondOnce('/auth/refresh', offline);
    browser().server.respondOnce('/auth/refresh', offline);
    await new Promise((resolve) => setTimeout(resolve, 650));
    browser().server.log.length = 0;
    await tab!.me();
    expect(browser().server.log).toEqual(['/auth/refresh', '/auth/me']);
  });
});

function offline(): never {
  throw new TypeError('fetch failed');
}
