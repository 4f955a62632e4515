/** Runs one task at a time; `waited` tells the task that another one was before it. */
export type Lock = <T>(task: (waited: boolean) => Promise<T>) => Promise<T>;

/**
 * Make the lock around every request that sets, uses or clears the refresh cookie.
 *
 * With Web Locks it holds over all tabs of the origin. Without them (plain HTTP on another host
 * than localhost, old browsers) it holds in this tab only, and two tabs that refresh at the same
 * moment rely on the server, which gives both the same new token within 10 seconds.
 */
export function makeLock(name: string): Lock {
  return globalThis.navigator?.locks ? acrossTabs(navigator.locks, name) : withinTab();
}

function acrossTabs(locks: LockManager, name: string): Lock {
  return async (task) => {
    // Each answer is packed, since `undefined` is what a lock that was not free answers with.
    const packed = await locks.request(name, { ifAvailable: true }, async (lock) =>
      lock ? { answer: await task(false) } : undefined,
    );
    return packed ? packed.answer : locks.request(name, () => task(true));
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
