export { createAuthClient } from './client';
export type { AuthClient, AuthClientOptions } from './contract';
export { AuthError, type ErrorCode, type FieldMessage, type InputCode } from './errors';
export type {
  Account,
  ActivityEvent,
  Address,
  EventPage,
  Session,
  SignedIn,
  SignedUp,
} from './models';
export type { AuthState, SignedOutReason } from './session';
