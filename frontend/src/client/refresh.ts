import { AuthError, sessionEnded } from './errors';
import type { Lock } from './locks';
import type { Session, SignedOutReason } from './session';
import type { Tabs } from './tabs';
import { type AccessToken, isUsable } from './tokens';

/** How long another tab's token may take to arrive after that tab has released the lock. */
const MESSAGE_MS = 50;
const REPEAT_AFTER_MS = 500;

/** Exchanges the refresh cookie for an access token, once for all concurrent callers. */
export class Refresher {
  readonly #session: Session;
  readonly #tabs: Tabs;
  readonly #lock: Lock;
  readonly #exchange: () => Promise<AccessToken>;
  #pending: Promise<AccessToken> | undefined;

  constructor(session: Session, tabs: Tabs, lock: Lock, exchange: () => Promise<AccessToken>) {
    this.#session = session;
    this.#tabs = tabs;
    this.#lock = lock;
    this.#exchange = exchange;
  }

  /**
   * Return a usable token other than the rejected one. Throws `AuthError`; only a 401 of the
   * server signs out, because other errors say nothing about the session.
   */
  async refresh(rejected?: AccessToken): Promise<AccessToken> {
    return this.#usableToken(rejected) ?? this.#sharedRefresh(rejected);
  }

  /** Return the current token if it can still be used. */
  current(): AccessToken | undefined {
    return this.#usableToken();
  }

  #sharedRefresh(rejected?: AccessToken): Promise<AccessToken> {
    this.#pending ??= this.#lockedRefresh(rejected).finally(() => {
      this.#pending = undefined;
    });
    return this.#pending;
  }

  #lockedRefresh(rejected?: AccessToken): Promise<AccessToken> {
    const { era } = this.#session;
    return this.#lock(async (waited) => {
      if (waited) await this.#waitForMessage(rejected);
      if (this.#session.era !== era) throw sessionEnded();
      return this.#usableToken(rejected) ?? this.#exchangeAndShare(era);
    });
  }

  /** A token that another tab or a sign-in may have supplied meanwhile. */
  #usableToken(rejected?: AccessToken): AccessToken | undefined {
    const { token } = this.#session;
    return token && token.value !== rejected?.value && isUsable(token) ? token : undefined;
  }

  async #exchangeAndShare(era: number): Promise<AccessToken> {
    const before = this.#session.token?.sessionId;
    const token = await this.#exchangeTwice().catch((error: unknown) =>
      this.#handleError(error, era),
    );
    // A sign-out came in between, which is possible where tabs share no lock.
    if (this.#session.era !== era) throw sessionEnded();
    if (!this.#session.adopt(token)) {
      this.#session.end('signed_out');
      throw sessionEnded();
    }
    const isOtherSession = before !== undefined && before !== token.sessionId;
    this.#tabs.sendToken(isOtherSession ? 'signed_in' : 'refreshed', token);
    return token;
  }

  /**
   * Repeat the request once if no response came. If the server rotated the token and its response
   * was lost, it accepts the old cookie for 10 more seconds, so an early repeat is best.
   */
  async #exchangeTwice(): Promise<AccessToken> {
    try {
      return await this.#exchange();
    } catch (error) {
      if (!(error instanceof AuthError) || error.code !== 'network') throw error;
      await pause(REPEAT_AFTER_MS);
      return this.#exchange();
    }
  }

  #handleError(error: unknown, era: number): never {
    const { token } = this.#session;
    if (error instanceof AuthError && error.status === 401 && this.#session.era === era) {
      const reason = reasonOf(error) ?? (token && 'session_ended');
      this.#session.end(reason);
      if (token && reason) this.#tabs.sendSignOut(reason, token.sessionId);
    }
    throw error;
  }

  #waitForMessage(rejected?: AccessToken): Promise<void> {
    return new Promise((resolve) => {
      const stop = this.#session.subscribe(check);
      const timer = setTimeout(done, MESSAGE_MS);
      const usableToken = () => this.#usableToken(rejected);
      function check() {
        if (usableToken()) done();
      }
      function done() {
        clearTimeout(timer);
        stop();
        resolve();
      }
      check();
    });
  }
}

function reasonOf({ code }: AuthError): SignedOutReason | undefined {
  const isReason =
    code === 'session_ended' || code === 'refresh_reused' || code === 'user_inactive';
  return isReason ? code : undefined;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
