import { AuthError } from './errors';
import type { Refresher } from './refresh';
import type { Session } from './session';
import { now, refreshAt } from './tokens';

/** Timers are limited to 2^31 - 1 ms, and a token may live longer. */
const LONGEST_TIMER_MS = 86_400_000;
const RETRY_SECONDS = 30;

/** Refreshes the token before it expires, so that requests rarely wait for a refresh. */
export class Schedule {
  readonly #session: Session;
  readonly #refresher: Refresher;
  readonly #unsubscribe: () => void;
  readonly #onOnline = () => this.#scheduleNext();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(session: Session, refresher: Refresher) {
    this.#session = session;
    this.#refresher = refresher;
    this.#unsubscribe = session.subscribe(() => this.#scheduleNext());
    globalThis.addEventListener?.('online', this.#onOnline);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#unsubscribe();
    globalThis.removeEventListener?.('online', this.#onOnline);
  }

  #scheduleNext(): void {
    clearTimeout(this.#timer);
    const { token } = this.#session;
    if (token) this.#setTimer(refreshAt(token) - now());
  }

  #setTimer(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => void this.#refreshIfDue(),
      Math.min(Math.max(milliseconds, 0), LONGEST_TIMER_MS),
    );
  }

  async #refreshIfDue(): Promise<void> {
    const { token } = this.#session;
    if (!token) return;
    if (now() < refreshAt(token)) return this.#scheduleNext();
    try {
      await this.#refresher.refresh(token);
    } catch (error) {
      // No caller waits for this refresh; a request that needs a token starts its own.
      if (this.#session.token === token) this.#setTimer(1000 * secondsToWait(error));
    }
  }
}

function secondsToWait(error: unknown): number {
  const requested = error instanceof AuthError ? error.retryAfterSeconds : undefined;
  return Math.max(requested ?? 0, RETRY_SECONDS);
}
