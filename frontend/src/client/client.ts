import { makeAccount } from './account';
import { makeAuthentication } from './authentication';
import type { AuthClient, AuthClientOptions } from './contract';
import { type Core, makeCore } from './core';
import { makeLinks } from './links';

/**
 * Create the client of one API. A page needs only one. The clients in all tabs of an origin share
 * one session and refresh it one at a time.
 */
export function createAuthClient(options: AuthClientOptions): AuthClient {
  const core = makeCore(options);
  const { session, close } = core;
  return {
    get state() {
      return session.state;
    },
    getState: () => session.state,
    subscribe: (listener) => session.subscribe(listener),
    ...makeAuthentication(core),
    ...makeAccount(core),
    ...makeLinks(core),
    fetch: async (path, init) =>
      core.requests.send(new Request(urlOf(core, path), init), core.send),
    close,
  };
}

function urlOf({ baseUrl }: Core, path: string): string {
  const base = new URL(baseUrl || '/', globalThis.location?.href);
  const url = new URL(base.href.replace(/\/$/, '') + path);
  if (url.origin !== base.origin || !path.startsWith('/')) {
    throw new TypeError(`client.fetch() takes a path of the API, such as /things, not ${path}`);
  }
  return url.href;
}
