import type { components } from './schema';
import { unexpectedResponse } from './errors';

/** The fields of a response that carry an access token. */
export type TokenResponse = Pick<components['schemas']['Token'], 'token' | 'expires_in'>;

/** An access token, kept in memory only, with the claims that the client reads. */
export interface AccessToken {
  readonly value: string;
  readonly accountId: number;
  readonly sessionId: string;
  /** The number of refreshes of the session; the higher of two is newer. */
  readonly generation: number;
  /** The server's `expires_in`. */
  readonly lifetimeMs: number;
  /** On this page's monotonic clock, because a device's wall clock may be wrong by hours. */
  readonly expiresAt: number;
}

/** Return milliseconds on a monotonic clock. */
export function now(): number {
  return performance.now();
}

/**
 * Read the token in a response. `requestedAt` is when the request began, so a slow response makes
 * the token look slightly older than it is, never younger.
 */
export function readToken(response: TokenResponse, requestedAt: number): AccessToken {
  const { token, expires_in } = response;
  if (typeof token !== 'string' || !(expires_in > 0)) throw unexpectedResponse(200);
  const lifetimeMs = expires_in * 1000;
  return { value: token, ...readClaims(token), lifetimeMs, expiresAt: requestedAt + lifetimeMs };
}

export function isUsable(token: AccessToken): boolean {
  return now() < token.expiresAt;
}

/** Return when to refresh: a minute before expiry, but not in the first half of a short life. */
export function refreshAt(token: AccessToken): number {
  return token.expiresAt - Math.min(60_000, token.lifetimeMs / 2);
}

/**
 * Read the account and session of a token. The claims only distinguish this page's own tokens; no
 * decision trusts them, and only the server verifies them.
 */
function readClaims(token: string): Pick<AccessToken, 'accountId' | 'sessionId' | 'generation'> {
  try {
    const payload = token.split('.')[1] ?? '';
    // These claims are digits and UUIDs, so decoding bytes as characters is safe.
    const claims = JSON.parse(atob(payload.replace(/-/g, '+').replace(/_/g, '/')));
    if (typeof claims.id !== 'number' || typeof claims.sid !== 'string') throw new TypeError();
    return { accountId: claims.id, sessionId: claims.sid, generation: Number(claims.gen) || 0 };
  } catch (cause) {
    throw unexpectedResponse(200, cause);
  }
}
