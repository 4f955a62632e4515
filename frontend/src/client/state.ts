/** Why nobody is signed in any more: by choice, or by the server's word. */
export type SignedOutReason = 'session_ended' | 'refresh_reused' | 'user_inactive' | 'signed_out';

export interface AuthState {
  /** `unknown` until `restore()` has found out whether the cookie opens a session. */
  status: 'unknown' | 'signedIn' | 'signedOut';
  /** Of `signedOut`; without it, nobody was signed in to begin with. */
  reason?: SignedOutReason;
  /** Of `signedIn`: whose session it is. Another tab may sign in as somebody else. */
  accountId?: number;
}
