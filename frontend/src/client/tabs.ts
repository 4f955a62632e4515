import type { Session } from './session';
import type { SignedOutReason } from './state';
import { type AccessToken, now, readToken } from './tokens';

type Message =
  | { kind: 'signed_in' | 'refreshed'; token: string; remainingMs: number }
  | { kind: 'signed_out'; reason: SignedOutReason; sessionId: string | undefined };

/**
 * Keep the tabs of one browser together: they share one refresh cookie, so they share the token
 * that it opened, and they are signed out together.
 *
 * The channel reaches pages of the same origin only, which could use the cookie as well.
 */
export class Tabs {
  readonly #session: Session;
  readonly #channel: BroadcastChannel | undefined;

  constructor(session: Session, name: string) {
    this.#session = session;
    if (typeof BroadcastChannel === 'undefined') return;
    this.#channel = new BroadcastChannel(name);
    this.#channel.onmessage = ({ data }: MessageEvent<Message>) => this.#receive(data);
  }

  tellToken(kind: 'signed_in' | 'refreshed', token: AccessToken): void {
    // Clocks of two pages start at different times: what remains means the same in both.
    this.#post({ kind, token: token.value, remainingMs: token.expiresAt - now() });
  }

  tellSignOut(reason: SignedOutReason, sessionId: string | undefined): void {
    this.#post({ kind: 'signed_out', reason, sessionId });
  }

  close(): void {
    this.#channel?.close();
  }

  #post(message: Message): void {
    this.#channel?.postMessage(message);
  }

  #receive(message: Message): void {
    if (message.kind === 'signed_out') this.#leave(message.reason, message.sessionId);
    else if (message.remainingMs > 0) this.#take(message.kind, message);
  }

  #take(kind: 'signed_in' | 'refreshed', message: { token: string; remainingMs: number }): void {
    const token = readToken(
      { token: message.token, expires_in: message.remainingMs / 1000 },
      now(),
    );
    const mine = this.#session.token;
    // Messages of several tabs may overtake each other. A sign-in counts always; a refresh counts
    // for the session that is open here, and only forwards.
    if (mine && kind === 'refreshed' && !isNewer(token, mine)) return;
    this.#session.adopt(token);
  }

  #leave(reason: SignedOutReason, sessionId: string | undefined): void {
    const mine = this.#session.token?.sessionId;
    if (sessionId === undefined || sessionId === mine) this.#session.end(reason);
    else this.#session.forget(sessionId);
  }
}

function isNewer(token: AccessToken, mine: AccessToken): boolean {
  return token.sessionId === mine.sessionId && token.generation >= mine.generation;
}
