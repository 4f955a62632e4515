import type { AccessToken } from './tokens';

/** Why a session is over: by the user's choice, or by a response of the server. */
export type SignedOutReason = 'session_ended' | 'refresh_reused' | 'user_inactive' | 'signed_out';

export interface AuthState {
  /** `unknown` until `restore()` has found out whether the cookie opens a session. */
  status: 'unknown' | 'signedIn' | 'signedOut';
  /** With `signedOut` only; absent if nobody was signed in before. */
  reason?: SignedOutReason;
  /** With `signedIn` only. It changes when another tab signs in to a different account. */
  accountId?: number;
}

/** The session of this browser, as one tab knows it. */
export class Session {
  #token: AccessToken | undefined;
  #state: AuthState = { status: 'unknown' };
  #era = 0;
  readonly #ended = new Set<string>();
  readonly #listeners = new Set<() => void>();

  get token(): AccessToken | undefined {
    return this.#token;
  }

  get state(): AuthState {
    return this.#state;
  }

  /** A counter that grows at every sign-out. A request of an earlier era belongs to a past user. */
  get era(): number {
    return this.#era;
  }

  /** Call the listener whenever the state or the token changes. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Use this token from now on. Return false if its session has ended in this tab. */
  adopt(token: AccessToken): boolean {
    if (this.#ended.has(token.sessionId)) return false;
    // Listeners see the first account sign out before the second one signs in.
    if (this.#token && this.#token.accountId !== token.accountId) this.end('signed_out');
    this.#token = token;
    if (this.#state.accountId !== token.accountId) {
      this.#state = { status: 'signedIn', accountId: token.accountId };
    }
    this.#notify();
    return true;
  }

  /** Sign out in this tab. Without a reason, nobody was signed in before. */
  end(reason?: SignedOutReason, sessionId = this.#token?.sessionId): void {
    if (sessionId !== undefined) this.#ended.add(sessionId);
    if (this.#state.status === 'signedOut') return;
    this.#token = undefined;
    this.#era += 1;
    this.#state = { status: 'signedOut', ...(reason && { reason }) };
    this.#notify();
  }

  /** Reject tokens of a session that has ended elsewhere. */
  rejectSession(sessionId: string): void {
    this.#ended.add(sessionId);
  }

  #notify(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
