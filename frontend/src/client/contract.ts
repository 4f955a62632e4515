import type { Account, Address, EventPage, Session, SignedIn, SignedUp } from './models';
import type { AuthState } from './state';

/** What `createAuthClient` gives. Every method that asks the server throws `AuthError`. */
export interface AuthClient {
  /** The same object until something changes, fit for `useSyncExternalStore`. */
  getState(): AuthState;
  readonly state: AuthState;
  subscribe(listener: () => void): () => void;

  /**
   * Find out whether the cookie opens a session; to be called once at the start. Rejects, and
   * leaves the status `unknown`, when the server cannot be asked. May be called again then.
   */
  restore(): Promise<void>;
  signUp(input: { username: string; email: string; password: string }): Promise<SignedUp>;
  signIn(input: { username: string; password: string }): Promise<SignedIn>;
  /**
   * End the session, here and in every tab. When the server cannot be asked it rejects and
   * nobody is signed out: the cookie would sign the next page in again.
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
   * Fetch one of the project's own endpoints with the token. Answers like `fetch`, refusals
   * included; throws only when no answer came or the session is over. `path` stays on the API's
   * origin: elsewhere the token would be given away.
   */
  fetch(path: string, init?: RequestInit): Promise<Response>;

  /** Stop timers and listeners. For tests and hot reload; a page just goes away. */
  close(): void;
}

export interface AuthClientOptions {
  /** Where the API is, such as `https://api.example.com`; empty for the page's own origin. */
  baseUrl: string;
  fetch?: typeof globalThis.fetch;
}
