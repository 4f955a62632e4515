/** Runs one task at a time; `waited` is true if the task had to wait for another one. */
export type Lock = <T>(task: (waited: boolean) => Promise<T>) => Promise<T>;

/**
 * Make the lock for every request that sets, uses or clears the refresh cookie.
 *
 * With Web Locks, all tabs of the origin share it. Without them (old browsers, or plain HTTP on a
 * host other than localhost) it covers this tab only. Two tabs that refresh at the same moment
 * then rely on the server, which accepts the previous token for 10 more seconds.
 */
export function makeLock(name: string): Lock {
  return globalThis.navigator?.locks ? acrossTabs(navigator.locks, name) : withinTab();
}

function acrossTabs(locks: LockManager, name: string): Lock {
  return async (task) => {
    // The result is wrapped, because `undefined` means that the lock was not available.
    const wrapped = await locks.request(name, { ifAvailable: true }, async (lock) =>
      lock ? { result: await task(false) } : undefined,
    );
    return wrapped ? wrapped.result : locks.request(name, () => task(true));
  };
}

function withinTab(): Lock {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const next = last.then(() => task(false));
    last = next.catch(() => undefined);
    return next;
  };
}
