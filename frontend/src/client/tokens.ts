import type { components } from './schema';
import { unexpectedAnswer } from './errors';

/** The part of an answer that brings a token. */
export type TokenAnswer = Pick<components['schemas']['Token'], 'token' | 'expires_in'>;

/** An access token, held in memory only, and what it says of itself. */
export interface AccessToken {
  readonly value: string;
  readonly accountId: number;
  readonly sessionId: string;
  /** Counts the refreshes of the session: of two tokens the higher one is the newer. */
  readonly generation: number;
  /** The server's `expires_in`. */
  readonly lifetimeMs: number;
  /** On this page's monotonic clock; the wall clock of a device may be wrong by hours. */
  readonly expiresAt: number;
}

/** Milliseconds that only ever grow, and that no one sets. */
export function now(): number {
  return performance.now();
}

/**
 * Read an answer that brings a token. `askedAt` is when the request began, so a slow answer makes
 * the token seem a little older than it is, and never younger.
 */
export function readToken(answer: TokenAnswer, askedAt: number): AccessToken {
  const { token, expires_in } = answer;
  if (typeof token !== 'string' || !(expires_in > 0)) throw unexpectedAnswer(200);
  const lifetimeMs = expires_in * 1000;
  return { value: token, ...readClaims(token), lifetimeMs, expiresAt: askedAt + lifetimeMs };
}

export function isUsable(token: AccessToken): boolean {
  return now() < token.expiresAt;
}

/** Tell when to refresh: a minute before the end, and never in the first half of a short life. */
export function refreshAt(token: AccessToken): number {
  return token.expiresAt - Math.min(60_000, token.lifetimeMs / 2);
}

/**
 * Read whose token it is. Nothing is trusted for it: the claims only tell this page's own tokens
 * apart, and the server alone verifies them.
 */
function readClaims(token: string): Pick<AccessToken, 'accountId' | 'sessionId' | 'generation'> {
  try {
    const payload = token.split('.')[1] ?? '';
    // The claims that are read are digits and UUIDs, so bytes may stand for characters.
    const claims = JSON.parse(atob(payload.replace(/-/g, '+').replace(/_/g, '/')));
    if (typeof claims.id !== 'number' || typeof claims.sid !== 'string') throw new TypeError();
    return { accountId: claims.id, sessionId: claims.sid, generation: Number(claims.gen) || 0 };
  } catch (cause) {
    throw unexpectedAnswer(200, cause);
  }
}
