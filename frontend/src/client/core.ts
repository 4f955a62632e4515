import { type Api, bodyOf, makeApi } from './api';
import type { AuthClientOptions } from './contract';
import { type Lock, makeLock } from './locks';
import { Refresher } from './refresh';
import { fetchOrFail, Requests, type Send } from './requests';
import { Schedule } from './schedule';
import { Session } from './session';
import { Tabs } from './tabs';
import { now, readToken } from './tokens';

/** The name of the broadcast channel and of the lock. */
const NAME = 'oddjobbox';

/** The longest that a request may hold the lock, which all tabs share. */
const LOCKED_MS = 15_000;

/** The parts that the methods of a client are built from. */
export interface Core {
  baseUrl: string;
  session: Session;
  tabs: Tabs;
  lock: Lock;
  refresher: Refresher;
  requests: Requests;
  /** Calls with the access token. */
  api: Api;
  /** Calls without an access token. */
  publicApi: Api;
  /** The plain network. */
  send: Send;
  /** The network with a timeout, for requests that hold the lock. */
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
  const publicApi = makeApi(baseUrl, send);
  const refresher = new Refresher(session, tabs, lock, async () => {
    const requestedAt = now();
    const response = await bodyOf(publicApi.POST('/auth/refresh', { fetch: sendLocked }));
    return readToken(response, requestedAt);
  });
  const requests = new Requests(session, refresher);
  const api = makeApi(baseUrl, (request) => requests.send(request, send));
  const schedule = new Schedule(session, refresher);
  const close = () => [schedule, tabs].forEach((part) => part.close());
  return {
    baseUrl,
    session,
    tabs,
    lock,
    refresher,
    requests,
    api,
    publicApi,
    send,
    sendLocked,
    close,
  };
}
