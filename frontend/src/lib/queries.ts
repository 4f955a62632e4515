import { QueryClient, useQuery } from '@tanstack/react-query';

import { auth } from './auth';
import { isTransient } from './errors';

const RETRIES = 2;

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // Without a network, fail at once with a message instead of waiting silently.
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

/** Restore the session from the refresh cookie, once per page load. */
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

/** Load the signed-in account. */
export function useMe() {
  return useQuery({ queryKey: ['me'], queryFn: () => auth.me() });
}

/** Remove all cached data of the account that was signed in. */
export function removeAccountData(): void {
  queryClient.removeQueries({ predicate: (query) => query.queryKey[0] !== RESTORE[0] });
}
