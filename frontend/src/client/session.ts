import type { AuthState, SignedOutReason } from './state';
import type { AccessToken } from './tokens';

/** What one tab knows of the session of its browser. */
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

  /** Grows at every sign-out. A request of an earlier era belongs to someone who has left. */
  get era(): number {
    return this.#era;
  }

  /** Call the listener whenever the state or the token changes. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Take a token over, unless its session was ended here: false then. */
  adopt(token: AccessToken): boolean {
    if (this.#ended.has(token.sessionId)) return false;
    // Whoever listens sees the first account leave before the second one comes.
    if (this.#token && this.#token.accountId !== token.accountId) this.end('signed_out');
    this.#token = token;
    if (this.#state.accountId !== token.accountId) {
      this.#state = { status: 'signedIn', accountId: token.accountId };
    }
    this.#tell();
    return true;
  }

  /** Be signed out. Without a reason, nobody had been signed in to begin with. */
  end(reason?: SignedOutReason, sessionId = this.#token?.sessionId): void {
    if (sessionId !== undefined) this.#ended.add(sessionId);
    if (this.#state.status === 'signedOut') return;
    this.#token = undefined;
    this.#era += 1;
    this.#state = { status: 'signedOut', ...(reason && { reason }) };
    this.#tell();
  }

  /** Refuse the tokens of a session that ended elsewhere. */
  forget(sessionId: string): void {
    this.#ended.add(sessionId);
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
