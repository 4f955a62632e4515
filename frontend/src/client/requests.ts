import { AuthError, networkError, sessionEnded } from './errors';
import { codeOf } from './problems';
import type { Refresher } from './refresh';
import type { Session } from './session';
import type { AccessToken } from './tokens';

export type Send = (request: Request) => Promise<Response>;

/**
 * The error codes after which a request is repeated with a new token. Only `token_expired`
 * promises that a refresh helps. The others may as well: if another tab has changed the password
 * or signed in again, the cookie opens a newer session than the token does. The response to the
 * refresh decides whether the user is signed out.
 */
const TOKEN_ERRORS = new Set(['token_expired', 'session_ended', 'token_invalid', 'user_inactive']);

/** Sends requests with the access token, and repeats them once with a new one. */
export class Requests {
  readonly #session: Session;
  readonly #refresher: Refresher;

  constructor(session: Session, refresher: Refresher) {
    this.#session = session;
    this.#refresher = refresher;
  }

  /**
   * Send the request as the current user. If that user signs out before the response arrives, the
   * response is discarded, and the request is not repeated with a later user's token.
   */
  async send(request: Request, send: Send): Promise<Response> {
    const { era } = this.#session;
    const token = await this.#requireEra(era, this.#usableToken());
    const response = await this.#requireEra(era, send(withToken(request.clone(), token)));
    if (!token || !(await isTokenError(response))) return response;
    const next = await this.#requireEra(era, this.#refresher.refresh(token));
    return this.#requireEra(era, send(withToken(request, next)));
  }

  async #usableToken(): Promise<AccessToken | undefined> {
    if (this.#session.state.status === 'signedOut') return undefined;
    return this.#refresher.current() ?? this.#refresher.refresh(this.#session.token);
  }

  /** Return the result, or throw `session_ended` if the user has signed out meanwhile. */
  async #requireEra<T>(era: number, step: Promise<T>): Promise<T> {
    const result = await step;
    if (this.#session.era !== era) throw sessionEnded();
    return result;
  }
}

/** Fetch, and throw a `network` error if no response arrives. */
export async function fetchOrFail(
  fetch: typeof globalThis.fetch,
  request: Request,
  init?: RequestInit,
): Promise<Response> {
  try {
    return await fetch(request, init);
  } catch (cause) {
    // An abort by the caller's own `signal` is not a network error.
    if (request.signal.aborted || cause instanceof AuthError) throw cause;
    throw networkError(cause);
  }
}

function withToken(request: Request, token: AccessToken | undefined): Request {
  if (token) request.headers.set('Authorization', `Bearer ${token.value}`);
  return request;
}

async function isTokenError(response: Response): Promise<boolean> {
  if (response.status !== 401) return false;
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => undefined);
  return TOKEN_ERRORS.has(codeOf(body) ?? '');
}
