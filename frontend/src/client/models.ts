import type { components } from './schema';

type Schemas = components['schemas'];

export type Account = Schemas['Account'];
export type Session = Schemas['Session'];
export type Address = Schemas['Address'];
export type ActivityEvent = Schemas['Event'];

/** One page of activity, newest first; `next` is given back as `cursor` for older events. */
export interface EventPage {
  results: ActivityEvent[];
  next: string | null;
}

/** The account that a sign-in opened. */
export type SignedIn = Pick<Schemas['SignedIn'], 'username' | 'email'>;

/** A new account; where its address has to be verified first, nobody is signed in yet. */
export interface SignedUp extends SignedIn {
  verificationRequired: boolean;
}
