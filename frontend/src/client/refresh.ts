import { AuthError, sessionEnded } from './errors';
import type { Lock } from './locks';
import type { Session } from './session';
import type { SignedOutReason } from './state';
import type { Tabs } from './tabs';
import { type AccessToken, isUsable } from './tokens';

/** How long the token of another tab may be on its way after that tab has let go of the lock. */
const MESSAGE_MS = 50;
const REPEAT_AFTER_MS = 500;

/** Gets the next access token by the refresh cookie, for all who want one at the same time. */
export class Refresher {
  readonly #session: Session;
  readonly #tabs: Tabs;
  readonly #lock: Lock;
  readonly #exchange: () => Promise<AccessToken>;
  #underWay: Promise<AccessToken> | undefined;

  constructor(session: Session, tabs: Tabs, lock: Lock, exchange: () => Promise<AccessToken>) {
    this.#session = session;
    this.#tabs = tabs;
    this.#lock = lock;
    this.#exchange = exchange;
  }

  /**
   * Get a usable token other than the refused one. Rejects with `AuthError`; only a 401 of the
   * server signs out, since everything else says nothing about the session.
   */
  async refresh(refused?: AccessToken): Promise<AccessToken> {
    return this.#replacement(refused) ?? this.#shared(refused);
  }

  /** Tell the token of this moment, if it can still be used. */
  current(): AccessToken | undefined {
    return this.#replacement();
  }

  #shared(refused?: AccessToken): Promise<AccessToken> {
    this.#underWay ??= this.#inTurn(refused).finally(() => {
      this.#underWay = undefined;
    });
    return this.#underWay;
  }

  #inTurn(refused?: AccessToken): Promise<AccessToken> {
    const { era } = this.#session;
    return this.#lock(async (waited) => {
      if (waited) await this.#message(refused);
      if (this.#session.era !== era) throw sessionEnded();
      return this.#replacement(refused) ?? this.#use(era);
    });
  }

  /** The token that came while this tab waited: by another tab, or by a sign-in. */
  #replacement(refused?: AccessToken): AccessToken | undefined {
    const { token } = this.#session;
    return token && token.value !== refused?.value && isUsable(token) ? token : undefined;
  }

  async #use(era: number): Promise<AccessToken> {
    const before = this.#session.token?.sessionId;
    const token = await this.#exchangeTwice().catch((error: unknown) => this.#fail(error, era));
    // A sign-out came meanwhile. Where tabs have no lock in common, it can.
    if (this.#session.era !== era) throw sessionEnded();
    if (!this.#session.adopt(token)) {
      this.#session.end('signed_out');
      throw sessionEnded();
    }
    const opened = before !== undefined && before !== token.sessionId;
    this.#tabs.tellToken(opened ? 'signed_in' : 'refreshed', token);
    return token;
  }

  /**
   * Ask once more when no answer came. If the server did rotate and its answer was lost, it takes
   * the old cookie again for 10 seconds, so asking soon is better than asking later.
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

  #fail(error: unknown, era: number): never {
    const { token } = this.#session;
    if (error instanceof AuthError && error.status === 401 && this.#session.era === era) {
      const reason = reasonOf(error) ?? (token && 'session_ended');
      this.#session.end(reason);
      if (token && reason) this.#tabs.tellSignOut(reason, token.sessionId);
    }
    throw error;
  }

  #message(refused?: AccessToken): Promise<void> {
    return new Promise((resolve) => {
      const stop = this.#session.subscribe(check);
      const timer = setTimeout(done, MESSAGE_MS);
      const replacement = () => this.#replacement(refused);
      function check() {
        if (replacement()) done();
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
  const tells = code === 'session_ended' || code === 'refresh_reused' || code === 'user_inactive';
  return tells ? code : undefined;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
