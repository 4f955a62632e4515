import { QueryClient, useQuery } from '@tanstack/react-query';

import { auth } from './auth';
import { isTransient } from './errors';

const RETRIES = 2;

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // Without a network a query fails at once and says so, instead of waiting without a word.
      networkMode: 'always',
      refetchOnReconnect: true,
      retry: (failures, error) => failures < RETRIES && isTransient(error) && navigator.onLine,
      retryDelay: (failures) => 500 * 2 ** failures,
      staleTime: 10_000,
    },
    mutations: { networkMode: 'always' },
  },
});

const RESTORE = ['restore'];

/** Find out whether someone is signed in already, by the cookie that no script can read. */
export function useRestore() {
  return useQuery({
    queryKey: RESTORE,
    queryFn: async () => {
      await auth.restore();
      return true;
    },
    staleTime: Infinity,
    gcTime: Infinity,
  });
}

/** Who is signed in. */
export function useMe() {
  return useQuery({ queryKey: ['me'], queryFn: () => auth.me() });
}

/** Forget everything about the account that was signed in. */
export function forgetAccount(): void {
  queryClient.removeQueries({ predicate: (query) => query.queryKey[0] !== RESTORE[0] });
}
