import type { Session, SignedOutReason } from './session';
import { type AccessToken, now, readToken } from './tokens';

type TokenMessage = { kind: 'signed_in' | 'refreshed'; token: string; remainingMs: number };
type SignOutMessage = {
  kind: 'signed_out';
  reason: SignedOutReason;
  sessionId: string | undefined;
};

/**
 * Keeps the tabs of one browser in step. They share one refresh cookie, so they also share the
 * access token that it yields, and sign out together.
 *
 * The channel reaches pages of the same origin only, which could use the cookie themselves.
 */
export class Tabs {
  readonly #session: Session;
  readonly #channel: BroadcastChannel | undefined;

  constructor(session: Session, name: string) {
    this.#session = session;
    if (typeof BroadcastChannel === 'undefined') return;
    this.#channel = new BroadcastChannel(name);
    this.#channel.onmessage = ({ data }: MessageEvent<TokenMessage | SignOutMessage>) =>
      this.#receive(data);
  }

  sendToken(kind: 'signed_in' | 'refreshed', token: AccessToken): void {
    // The monotonic clocks of two pages start at different times, so send the time that is left.
    this.#send({ kind, token: token.value, remainingMs: token.expiresAt - now() });
  }

  sendSignOut(reason: SignedOutReason, sessionId: string | undefined): void {
    this.#send({ kind: 'signed_out', reason, sessionId });
  }

  close(): void {
    this.#channel?.close();
  }

  #send(message: TokenMessage | SignOutMessage): void {
    this.#channel?.postMessage(message);
  }

  #receive(message: TokenMessage | SignOutMessage): void {
    if (message.kind === 'signed_out') this.#receiveSignOut(message);
    else if (message.remainingMs > 0) this.#receiveToken(message);
  }

  #receiveToken({ kind, token: value, remainingMs }: TokenMessage): void {
    const token = readToken({ token: value, expires_in: remainingMs / 1000 }, now());
    const current = this.#session.token;
    // Messages of several tabs may arrive out of order. A sign-in always counts; a refresh counts
    // only for the current session and only if it is not older than the current token.
    if (current && kind === 'refreshed' && !isNewer(token, current)) return;
    this.#session.adopt(token);
  }

  #receiveSignOut({ reason, sessionId }: SignOutMessage): void {
    const current = this.#session.token?.sessionId;
    if (sessionId === undefined || sessionId === current) this.#session.end(reason);
    else this.#session.rejectSession(sessionId);
  }
}

function isNewer(token: AccessToken, current: AccessToken): boolean {
  return token.sessionId === current.sessionId && token.generation >= current.generation;
}
