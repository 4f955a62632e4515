import { describe, expect, it } from 'vitest';
import { shortDelay, JANE, OTHER_USER, waitFor, freshBrowser } from './testing/browser';

const ENDED = { status: 'signedOut', reason: 'signed_out' };

describe.each([{ webLocks: true }, { webLocks: false }])('two tabs, with %o', (support) => {
  const browser = freshBrowser(support);

  it('both restore the session at the same time', async () => {
    const [before] = await browser().openSignedIn(1);
    before!.close();
    const tabs = [browser().openTab(), browser().openTab()];
    await Promise.all(tabs.map((tab) => tab.restore()));
    expect(tabs.map(({ state }) => state)).toEqual(
      Array(2).fill({ status: 'signedIn', accountId: 1 }),
    );
    await Promise.all(tabs.map((tab) => tab.me()));
    expect(browser().server.count('/auth/refresh')).toBe(support.webLocks ? 1 : 2);
  });

  it('are both signed out without a reason when there is no cookie', async () => {
    const tabs = [browser().openTab(), browser().openTab()];
    await Promise.all(tabs.map((tab) => tab.restore()));
    expect(tabs.map(({ state }) => state)).toEqual(Array(2).fill({ status: 'signedOut' }));
  });

  it('stay signed in when they refresh at the same moment, 20 times', async () => {
    const tabs = await browser().openSignedIn(2);
    for (let round = 0; round < 20; round += 1) {
      browser().server.expireTokens();
      await Promise.all(tabs.map((tab) => tab.me()));
    }
    expect(tabs.map(({ state }) => state.status)).toEqual(['signedIn', 'signedIn']);
    if (support.webLocks) expect(browser().server.count('/auth/refresh')).toBe(20);
  });

  it('share a token: the second tab uses the one that the first tab fetched', async () => {
    const [first, second] = await browser().openSignedIn(2);
    browser().server.expireTokens();
    await first!.me();
    await shortDelay();
    browser().server.log.length = 0;
    await second!.me();
    expect(browser().server.log).toEqual(['/auth/me']);
  });

  it('sign in together', async () => {
    const tabs = [browser().openTab(), browser().openTab()];
    await Promise.all(tabs.map((tab) => tab.restore()));
    await tabs[0]!.signIn(JANE);
    await waitFor(() => tabs[1]!.state.status === 'signedIn');
    await expect(tabs[1]!.me()).resolves.toMatchObject({ id: 1 });
  });

  it('sign out together', async () => {
    const tabs = await browser().openSignedIn(2);
    await tabs[0]!.signOut();
    expect(tabs[0]!.state).toEqual(ENDED);
    await waitFor(() => tabs[1]!.state.status === 'signedOut');
    expect(tabs[1]!.state).toEqual(ENDED);
    expect(browser().jar).toEqual({});
  });

  it('both learn of a sign-in to another account', async () => {
    const tabs = await browser().openSignedIn(2);
    const seen: unknown[] = [];
    tabs[1]!.subscribe(() => seen.push(tabs[1]!.state));
    await tabs[0]!.signIn(OTHER_USER);
    await waitFor(() => tabs[1]!.state.accountId === 2);
    expect(seen).toEqual([ENDED, { status: 'signedIn', accountId: 2 }]);
  });

  it('stay signed in when one of them changes the password', async () => {
    const [first, second] = await browser().openSignedIn(2);
    await Promise.all([
      first!.changePassword({ password: 'old', new_password: 'correct horse' }),
      ...Array.from({ length: 5 }, () => second!.me()),
    ]);
    await expect(second!.me()).resolves.toMatchObject({ id: 1 });
    expect([first!.state.status, second!.state.status]).toEqual(['signedIn', 'signedIn']);
  });
});
