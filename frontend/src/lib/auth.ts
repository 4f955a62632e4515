import { useSyncExternalStore } from 'react';

import { createAuthClient } from '../client';
import { apiUrl } from '../config/env';

/** The app's client. */
export const auth = createAuthClient({ baseUrl: apiUrl });

const subscribe = (listener: () => void) => auth.subscribe(listener);
const getState = () => auth.getState();

/** Return whether a user is signed in, and why a session has ended. */
export function useAuth() {
  return useSyncExternalStore(subscribe, getState);
}
