import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';

const SLOW_AFTER_MS = 2000;

/** Return whether a request has been pending for longer than users expect. */
export function useSlow(pending: boolean): boolean {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    if (!pending) return;
    const timer = setTimeout(() => setSlow(true), SLOW_AFTER_MS);
    return () => {
      clearTimeout(timer);
      setSlow(false);
    };
  }, [pending]);
  return pending && slow;
}

/** Return the whole seconds until a time of `performance.now()`, a monotonic clock. */
export function useCountdown(until: number): number {
  const subscribe = useCallback(
    (listener: () => void) => {
      if (until <= performance.now()) return () => undefined;
      const timer = setInterval(listener, 250);
      return () => clearInterval(timer);
    },
    [until],
  );
  return useSyncExternalStore(subscribe, () =>
    Math.max(0, Math.ceil((until - performance.now()) / 1000)),
  );
}

function subscribeOnline(listener: () => void): () => void {
  addEventListener('online', listener);
  addEventListener('offline', listener);
  return () => {
    removeEventListener('online', listener);
    removeEventListener('offline', listener);
  };
}

export function useOnline(): boolean {
  return useSyncExternalStore(subscribeOnline, () => navigator.onLine);
}
