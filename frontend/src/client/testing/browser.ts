import { afterEach, beforeEach, vi } from 'vitest';
import { type AuthClient, createAuthClient } from '..';
import { Locks } from './locks';
import { type Jar, Server } from './server';

export const JANE = { username: 'jane_doe', password: 'correct horse battery' };
export const OTHER_USER = { username: 'other_user', password: 'correct horse battery' };

/** One browser and one server; each client is a tab. BroadcastChannel is Node's own. */
export class Browser {
  readonly server = new Server();
  readonly jar: Jar = {};
  readonly #tabs: AuthClient[] = [];

  /** Open a tab without calling `restore()`. */
  openTab(fetch = this.server.fetchFor(this.jar)): AuthClient {
    const tab = createAuthClient({ baseUrl: 'https://api.example.com', fetch });
    this.#tabs.push(tab);
    return tab;
  }

  /** Open tabs that share a session of JANE and one access token. */
  async openSignedIn(count: number): Promise<AuthClient[]> {
    const tabs = Array.from({ length: count }, () => this.openTab());
    await tabs[0]?.signIn(JANE);
    await waitFor(() => tabs.every(({ state }) => state.status === 'signedIn'));
    this.server.log.length = 0;
    return tabs;
  }

  close(): void {
    this.#tabs.forEach((tab) => tab.close());
  }
}

/** Create a browser for every test, with or without Web Locks. */
export function freshBrowser({ webLocks } = { webLocks: true }): () => Browser {
  let browser: Browser;
  beforeEach(() => {
    vi.stubGlobal('navigator', webLocks ? { locks: new Locks() } : {});
    browser = new Browser();
  });
  afterEach(() => {
    browser.close();
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });
  return () => browser;
}

/** Wait until the condition holds; messages between tabs take a moment. */
export async function waitFor(condition: () => boolean): Promise<void> {
  await vi.waitUntil(condition, { timeout: 2000, interval: 2 });
}

/** Wait long enough for messages that should have no effect to arrive. */
export function shortDelay(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 80));
}

/** Return a promise and the function that resolves it. */
export function gate(): { opened: Promise<void>; open: () => void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
