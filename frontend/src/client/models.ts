import type { components } from './schema';

type Schemas = components['schemas'];

export type Account = Schemas['Account'];
export type Session = Schemas['Session'];
export type Address = Schemas['Address'];
export type ActivityEvent = Schemas['Event'];

/** One page of activity, newest first; pass `next` as `cursor` to load older events. */
export interface EventPage {
  results: ActivityEvent[];
  next: string | null;
}

/** The account that a sign-in returns. */
export type SignedIn = Pick<Schemas['SignedIn'], 'username' | 'email'>;

/** A new account. It is not signed in yet if its email must be verified first. */
export interface SignedUp extends SignedIn {
  verificationRequired: boolean;
}
