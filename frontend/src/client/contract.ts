import type { Account, Address, EventPage, Session, SignedIn, SignedUp } from './models';
import type { AuthState } from './session';

/** The client that `createAuthClient` returns. Every method that sends a request throws `AuthError`. */
export interface AuthClient {
  /** Return the same object until something changes, as `useSyncExternalStore` requires. */
  getState(): AuthState;
  readonly state: AuthState;
  subscribe(listener: () => void): () => void;

  /**
   * Find out whether the cookie opens a session. Call it once when the app starts. If the server
   * cannot be reached it throws and leaves the status `unknown`; call it again then.
   */
  restore(): Promise<void>;
  signUp(input: { username: string; email: string; password: string }): Promise<SignedUp>;
  signIn(input: { username: string; password: string }): Promise<SignedIn>;
  /**
   * End the session in every tab. If the server cannot be reached it throws and the user stays
   * signed in, because the cookie would sign them in again on the next page.
   */
  signOut(): Promise<void>;

  me(): Promise<Account>;
  rename(input: { username: string }): Promise<Account>;
  deleteAccount(input: { password: string }): Promise<void>;
  changePassword(input: { password: string; new_password: string }): Promise<void>;

  requestReset(input: { email: string }): Promise<void>;
  confirmReset(input: { uid: string; key: string; new_password: string }): Promise<void>;

  verifyEmail(input: { key: string }): Promise<Address>;
  resendVerification(input?: { email?: string }): Promise<void>;
  changeEmail(input: { email: string; password: string }): Promise<void>;
  undoEmailChange(input: { key: string }): Promise<Address>;

  sessions(): Promise<Session[]>;
  endSession(id: string): Promise<void>;
  endOtherSessions(): Promise<void>;
  events(input?: { cursor?: string }): Promise<EventPage>;

  /**
   * Fetch one of your own endpoints with the access token. Returns the response as `fetch` does,
   * also for an error status; throws only if no response arrives or the session is over. `path`
   * must be on the API's origin, so that the token reaches no other server.
   */
  fetch(path: string, init?: RequestInit): Promise<Response>;

  /** Stop timers and listeners. Needed in tests and for hot reload only. */
  close(): void;
}

export interface AuthClientOptions {
  /** The API's URL, such as `https://api.example.com`; empty for the page's own origin. */
  baseUrl: string;
  fetch?: typeof globalThis.fetch;
}
