import { describe, expect, it } from 'vitest';
import { freshBrowser } from './testing/browser';
import { json, errorResponse } from './testing/server';

const browser = freshBrowser();

describe('the client', () => {
  it('returns the same state object until something changes', async () => {
    const tab = browser().openTab();
    const before = tab.getState();
    expect(tab.getState()).toBe(before);
    await tab.restore();
    const after = tab.getState();
    expect(after).not.toBe(before);
    expect(tab.state).toBe(after);
  });

  it('calls listeners until they unsubscribe', async () => {
    const tab = browser().openTab();
    let calls = 0;
    const stop = tab.subscribe(() => (calls += 1));
    await tab.restore();
    expect(calls).toBe(1);
    stop();
    await tab.signIn({ username: 'jane_doe', password: 'correct horse' });
    expect(calls).toBe(1);
  });

  it('keeps the same state object over a refresh, so that nothing renders again', async () => {
    const [tab] = await browser().openSignedIn(1);
    const before = tab!.state;
    browser().server.expireTokens();
    await tab!.me();
    expect(tab!.state).toBe(before);
  });

  it('sends the token to no other server', async () => {
    const [tab] = await browser().openSignedIn(1);
    for (const path of ['https://evil.example/', '.evil.example/', '@evil.example/', 'things']) {
      await expect(tab!.fetch(path)).rejects.toBeInstanceOf(TypeError);
    }
    expect(browser().server.log).toEqual([]);
    await tab!.fetch('//evil.example/');
    expect(browser().server.log).toEqual(['//evil.example/']);
  });

  it('returns error responses from fetch(), as fetch does', async () => {
    const [tab] = await browser().openSignedIn(1);
    browser().server.respondOnce('/things', () => errorResponse(403, 'permission_denied'));
    expect((await tab!.fetch('/things')).status).toBe(403);
  });

  it('rejects with AbortError when the caller aborts', async () => {
    const [tab] = await browser().openSignedIn(1);
    const aborted = tab!.fetch('/things', { signal: AbortSignal.abort() });
    await expect(aborted).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('extracts the cursor from the URL of the next page', async () => {
    const [tab] = await browser().openSignedIn(1);
    const next = 'https://api.example.com/auth/events?cursor=older-12-3&page_size=50';
    browser().server.respondOnce('/auth/events', () =>
      json(200, { results: [], next, previous: null }),
    );
    await expect(tab!.events()).resolves.toEqual({ results: [], next: 'older-12-3' });
    browser().server.respondOnce('/auth/events', (request) => {
      expect(new URL(request.url).search).toBe('?cursor=older-12-3');
      return json(200, { results: [], next: null, previous: null });
    });
    await expect(tab!.events({ cursor: 'older-12-3' })).resolves.toEqual({
      results: [],
      next: null,
    });
  });

  it('signs out when it ends its own session', async () => {
    const [tab] = await browser().openSignedIn(1);
    const [id] = browser().server.sessions.keys();
    browser().server.respondOnce(`/auth/sessions/${id}`, () => new Response(null, { status: 204 }));
    await tab!.endSession(id!);
    expect(tab!.state).toEqual({ status: 'signedOut', reason: 'signed_out' });
  });
});
