import { AuthError } from './errors';
import type { Refresher } from './refresh';
import type { Session } from './session';
import { now, refreshAt } from './tokens';

/** A timer takes at most 2^31 - 1 ms; a token may live longer. */
const LONGEST_TIMER_MS = 86_400_000;
const RETRY_SECONDS = 30;

/** Refreshes ahead of expiry, so that requests seldom wait for it. */
export class Schedule {
  readonly #session: Session;
  readonly #refresher: Refresher;
  readonly #unsubscribe: () => void;
  readonly #online = () => this.#check();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(session: Session, refresher: Refresher) {
    this.#session = session;
    this.#refresher = refresher;
    this.#unsubscribe = session.subscribe(() => this.#check());
    globalThis.addEventListener?.('online', this.#online);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#unsubscribe();
    globalThis.removeEventListener?.('online', this.#online);
  }

  #check(): void {
    clearTimeout(this.#timer);
    const { token } = this.#session;
    if (token) this.#wait(refreshAt(token) - now());
  }

  #wait(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => void this.#act(),
      Math.min(Math.max(milliseconds, 0), LONGEST_TIMER_MS),
    );
  }

  async #act(): Promise<void> {
    const { token } = this.#session;
    if (!token) return;
    if (now() < refreshAt(token)) return this.#check();
    try {
      await this.#refresher.refresh(token);
    } catch (error) {
      // Nobody waits for this refresh, so nobody is told; a request that needs it asks again.
      if (this.#session.token === token) this.#wait(1000 * secondsToWait(error));
    }
  }
}

function secondsToWait(error: unknown): number {
  const asked = error instanceof AuthError ? error.retryAfterSeconds : undefined;
  return Math.max(asked ?? 0, RETRY_SECONDS);
}
