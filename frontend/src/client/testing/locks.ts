type Task<T> = (lock: { name: string } | null) => Promise<T>;

/**
 * A replacement for `navigator.locks`, which Node 20 lacks: exclusive named locks with
 * `ifAvailable`, granted in request order and always asynchronously.
 * https://w3c.github.io/web-locks/
 */
export class Locks {
  readonly #queues = new Map<string, (() => void)[]>();

  async request<T>(name: string, ...rest: [Task<T>] | [{ ifAvailable: boolean }, Task<T>]) {
    const [options, task] = rest.length === 1 ? [{ ifAvailable: false }, rest[0]] : rest;
    await nextTurn();
    const held = this.#queues.get(name);
    if (held && options.ifAvailable) return task(null);
    if (held) await new Promise<void>((granted) => held.push(granted));
    else this.#queues.set(name, []);
    try {
      return await task({ name });
    } finally {
      this.#release(name);
    }
  }

  #release(name: string): void {
    const next = this.#queues.get(name)?.shift();
    if (next) next();
    else this.#queues.delete(name);
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
