import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';

import type { AuthError } from '../client';
import { toAuthError } from './errors';
import { useCountdown, useSlow } from './waiting';

interface Options<A, R> {
  run: (input: A) => Promise<R>;
  done?: (result: R, input: A) => void;
  failed?: (error: AuthError) => void;
}

/** A request that the user starts: whether it is pending, slow, failed or must wait. */
export function useAction<A, R>({ run, done, failed }: Options<A, R>) {
  const [until, setUntil] = useState(0);
  const mutation = useMutation<R, unknown, A>({
    mutationFn: run,
    onSuccess: (result, input) => done?.(result, input),
    onError: (cause) => {
      const error = toAuthError(cause);
      if (error.retryAfterSeconds) setUntil(performance.now() + error.retryAfterSeconds * 1000);
      failed?.(error);
    },
  });
  const { isPending: pending } = mutation;
  const waitSeconds = useCountdown(until);
  return {
    start: (input: A) => {
      if (!pending && waitSeconds === 0) mutation.mutate(input);
    },
    reset: mutation.reset,
    pending,
    waitSeconds,
    slow: useSlow(pending),
    succeeded: mutation.isSuccess,
    result: mutation.data,
    error: mutation.error === null ? null : toAuthError(mutation.error),
  };
}

export type ActionState = Pick<ReturnType<typeof useAction>, 'pending' | 'slow' | 'waitSeconds'>;
