type Task<T> = (lock: { name: string } | null) => Promise<T>;

/**
 * A stand-in for `navigator.locks`, which Node 20 does not have: exclusive locks by name, granted
 * in the order of asking and never in the same turn, with `ifAvailable`.
 * https://w3c.github.io/web-locks/
 */
export class Locks {
  readonly #queues = new Map<string, (() => void)[]>();

  async request<T>(name: string, ...rest: [Task<T>] | [{ ifAvailable: boolean }, Task<T>]) {
    const [options, task] = rest.length === 1 ? [{ ifAvailable: false }, rest[0]] : rest;
    await turn();
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

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
