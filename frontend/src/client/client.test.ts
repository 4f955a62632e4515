import { describe, expect, it } from 'vitest';
import { freshBrowser } from './testing/browser';
import { json, refusal } from './testing/server';

const browser = freshBrowser();

describe('the client', () => {
  it('gives the same state until something changes', async () => {
    const tab = browser().openTab();
    const before = tab.getState();
    expect(tab.getState()).toBe(before);
    await tab.restore();
    const after = tab.getState();
    expect(after).not.toBe(before);
    expect(tab.state).toBe(after);
  });

  it('tells listeners until they have had enough', async () => {
    const tab = browser().openTab();
    let told = 0;
    const stop = tab.subscribe(() => (told += 1));
    await tab.restore();
    expect(told).toBe(1);
    stop();
    await tab.signIn({ username: 'jane_doe', password: 'correct horse' });
    expect(told).toBe(1);
  });

  it('keeps the same state over a refresh, so that nothing is drawn anew', async () => {
    const [tab] = await browser().openSignedIn(1);
    const before = tab!.state;
    browser().server.expireTokens();
    await tab!.me();
    expect(tab!.state).toBe(before);
  });

  it('sends the token to the API only', async () => {
    const [tab] = await browser().openSignedIn(1);
    for (const path of ['https://evil.example/', '.evil.example/', '@evil.example/', 'things']) {
      await expect(tab!.fetch(path)).rejects.toBeInstanceOf(TypeError);
    }
    expect(browser().server.log).toEqual([]);
    await tab!.fetch('//evil.example/');
    expect(browser().server.log).toEqual(['//evil.example/']);
  });

  it('answers fetch() with refusals, as fetch does', async () => {
    const [tab] = await browser().openSignedIn(1);
    browser().server.next('/things', () => refusal(403, 'permission_denied'));
    expect((await tab!.fetch('/things')).status).toBe(403);
  });

  it('leaves an abort to whoever aborted', async () => {
    const [tab] = await browser().openSignedIn(1);
    const aborted = tab!.fetch('/things', { signal: AbortSignal.abort() });
    await expect(aborted).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('turns the address of the next page into a cursor', async () => {
    const [tab] = await browser().openSignedIn(1);
    const next = 'https://api.example.com/auth/events?cursor=older-12-3&page_size=50';
    browser().server.next('/auth/events', () => json(200, { results: [], next, previous: null }));
    await expect(tab!.events()).resolves.toEqual({ results: [], next: 'older-12-3' });
    browser().server.next('/auth/events', (request) => {
      expect(new URL(request.url).search).toBe('?cursor=older-12-3');
      return json(200, { results: [], next: null, previous: null });
    });
    await expect(tab!.events({ cursor: 'older-12-3' })).resolves.toEqual({
      results: [],
      next: null,
    });
  });

  it('is signed out when it ends the session that it is in', async () => {
    const [tab] = await browser().openSignedIn(1);
    const [id] = browser().server.sessions.keys();
    browser().server.next(`/auth/sessions/${id}`, () => new Response(null, { status: 204 }));
    await tab!.endSession(id!);
    expect(tab!.state).toEqual({ status: 'signedOut', reason: 'signed_out' });
  });
});
