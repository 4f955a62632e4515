import { type Api, bodyOf, makeApi } from './api';
import type { AuthClientOptions } from './contract';
import { type Lock, makeLock } from './locks';
import { Refresher } from './refresh';
import { fetchOrFail, Requests, type Send } from './requests';
import { Schedule } from './schedule';
import { Session } from './session';
import { Tabs } from './tabs';
import { now, readToken } from './tokens';

/** The name of the channel and of the lock. */
const NAME = 'oddjobbox';

/** Nobody may hold the lock of all tabs for longer than this. */
const LOCKED_MS = 15_000;

/** The parts that the methods of a client are made of. */
export interface Core {
  baseUrl: string;
  session: Session;
  tabs: Tabs;
  lock: Lock;
  refresher: Refresher;
  requests: Requests;
  /** Calls as nobody in particular. */
  open: Api;
  /** Calls as the one who is signed in. */
  own: Api;
  /** Just the network. */
  send: Send;
  /** The network, with an end to waiting, for whoever holds the lock. */
  sendLocked: Send;
  close(): void;
}

export function makeCore({
  baseUrl,
  fetch = globalThis.fetch.bind(globalThis),
}: AuthClientOptions): Core {
  const session = new Session();
  const tabs = new Tabs(session, NAME);
  const lock = makeLock(NAME);
  const send: Send = (request) => fetchOrFail(fetch, request);
  const sendLocked: Send = (request) =>
    fetchOrFail(fetch, request, { signal: AbortSignal.timeout(LOCKED_MS) });
  const open = makeApi(baseUrl, send);
  const refresher = new Refresher(session, tabs, lock, async () => {
    const askedAt = now();
    return readToken(await bodyOf(open.POST('/auth/refresh', { fetch: sendLocked })), askedAt);
  });
  const requests = new Requests(session, refresher);
  const own = makeApi(baseUrl, (request) => requests.send(request, send));
  const schedule = new Schedule(session, refresher);
  const close = () => [schedule, tabs].forEach((part) => part.close());
  return { baseUrl, session, tabs, lock, refresher, requests, open, own, send, sendLocked, close };
}
