import { AuthError } from '../client';

const words: Partial<Record<AuthError['code'], string>> = {
  server_error: 'Something went wrong on the server. Please try again in a moment.',
  unavailable: 'The server cannot reach its data right now. Please try again in a moment.',
  busy: 'The server has more to do than it can. Please try again in a moment.',
  unexpected:
    'The server gave an answer that this page does not understand. Please try again in a moment.',
  in_use: 'This account cannot be deleted yet, because other data depends on it.',
  session_ended: 'Your session has ended. Please sign in again.',
  user_inactive:
    'This account has been deactivated. Only the people who run this site can open it again.',
  email_not_verified:
    'Your address is not verified yet. Follow the link in the mail that was sent to you.',
  origin_not_allowed:
    'This page is not among those that may sign people in here. Please tell the people who run this site.',
  key_expired: 'This link has expired.',
  key_used: 'This link has been used, or a newer one has replaced it.',
  key_invalid: 'This link is not complete. Please open the whole link from the mail.',
};

/** Say what went wrong in words that help; field messages are the server's own. */
export function explain(error: AuthError): string {
  if (error.code === 'network') return explainNetwork();
  if (error.code === 'throttled') return explainLimit(error.retryAfterSeconds);
  const messages = Object.values(error.fields).flat();
  if (messages.length > 0) return messages.map(({ message }) => message).join(' ');
  const text = words[error.code] ?? error.message;
  // By the reference, those who run the site find the line in their log.
  return error.reference ? `${text} (Reference ${error.reference})` : text;
}

/** The same, for a form that nothing was sent from: nobody has to fear for what they typed. */
export function explainKept(error: AuthError): string {
  const kept = isTransient(error) || error.code === 'throttled';
  return kept ? `${explain(error)} What you typed is kept.` : explain(error);
}

/** Wrap what is no AuthError, such as a mistake in this program, so that it has words, too. */
export function toAuthError(error: unknown): AuthError {
  if (error instanceof AuthError) return error;
  console.error(error);
  return new AuthError({ code: 'unexpected', status: 0, message: words.unexpected ?? '' });
}

export function isTransient(error: unknown): boolean {
  return error instanceof AuthError && (error.code === 'network' || error.status >= 500);
}

function explainNetwork(): string {
  if (!navigator.onLine) return 'You are offline. Try again when the connection is back.';
  return 'The server cannot be reached. Check your connection, or try again in a moment.';
}

function explainLimit(seconds: number | undefined): string {
  const when = seconds === undefined ? 'in a few minutes' : `in ${inWords(seconds)}`;
  return `That was tried too often. You can try again ${when}.`;
}

/** Write a number of seconds as people say it: "42 seconds", "3 minutes". */
export function inWords(seconds: number): string {
  if (seconds < 120) return plural(Math.max(1, Math.ceil(seconds)), 'second');
  if (seconds < 7200) return plural(Math.ceil(seconds / 60), 'minute');
  return plural(Math.ceil(seconds / 3600), 'hour');
}

function plural(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
