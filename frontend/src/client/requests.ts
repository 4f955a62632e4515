import { AuthError, networkError, sessionEnded } from './errors';
import { codeOf } from './problems';
import type { Refresher } from './refresh';
import type { Session } from './session';
import type { AccessToken } from './tokens';

export type Send = (request: Request) => Promise<Response>;

/**
 * What a refused token is answered with. Only `token_expired` promises that a refresh helps, but
 * the others are asked about as well: another tab may have changed the password or signed in
 * again, and then the cookie opens a newer session than the token. Whether anybody is signed out
 * is decided by the answer to the refresh.
 */
const REFUSED = new Set(['token_expired', 'session_ended', 'token_invalid', 'user_inactive']);

/** Sends requests with the access token, and once more with a new one. */
export class Requests {
  readonly #session: Session;
  readonly #refresher: Refresher;

  constructor(session: Session, refresher: Refresher) {
    this.#session = session;
    this.#refresher = refresher;
  }

  /**
   * Send as the one who is signed in now. When that one has left before the answer came, nobody
   * gets it, and it is not tried again with a later one's token.
   */
  async send(request: Request, send: Send): Promise<Response> {
    const { era } = this.#session;
    const token = await this.#here(era, this.#usableToken());
    const response = await this.#here(era, send(withToken(request.clone(), token)));
    if (!token || !(await isRefusal(response))) return response;
    const next = await this.#here(era, this.#refresher.refresh(token));
    return this.#here(era, send(withToken(request, next)));
  }

  async #usableToken(): Promise<AccessToken | undefined> {
    if (this.#session.state.status === 'signedOut') return undefined;
    return this.#refresher.current() ?? this.#refresher.refresh(this.#session.token);
  }

  async #here<T>(era: number, step: Promise<T>): Promise<T> {
    const result = await step;
    if (this.#session.era !== era) throw sessionEnded();
    return result;
  }
}

/** Fetch, where every way of getting no answer is one error. */
export async function fetchOrFail(
  fetch: typeof globalThis.fetch,
  request: Request,
  init?: RequestInit,
): Promise<Response> {
  try {
    return await fetch(request, init);
  } catch (cause) {
    // The caller's own `signal` is not trouble with the network.
    if (request.signal.aborted || cause instanceof AuthError) throw cause;
    throw networkError(cause);
  }
}

function withToken(request: Request, token: AccessToken | undefined): Request {
  if (token) request.headers.set('Authorization', `Bearer ${token.value}`);
  return request;
}

async function isRefusal(response: Response): Promise<boolean> {
  if (response.status !== 401) return false;
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => undefined);
  return REFUSED.has(codeOf(body) ?? '');
}
