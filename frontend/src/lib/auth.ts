import { useSyncExternalStore } from 'react';

import { createAuthClient } from '../client';
import { apiUrl } from '../config/env';

/** The one client of the app. */
export const auth = createAuthClient({ baseUrl: apiUrl });

const subscribe = (listener: () => void) => auth.subscribe(listener);
const getState = () => auth.getState();

/** Whether someone is signed in, and if not any more, why. */
export function useAuth() {
  return useSyncExternalStore(subscribe, getState);
}
