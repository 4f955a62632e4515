import { AuthError } from '../client';

const messages: Partial<Record<AuthError['code'], string>> = {
  server_error: 'Something went wrong on the server. Try again in a moment.',
  unavailable: 'The server is temporarily unavailable. Try again in a moment.',
  busy: 'The server is busy. Try again in a moment.',
  unexpected: 'The server sent an unexpected response. Try again in a moment.',
  in_use: "This account can't be deleted yet because other data depends on it.",
  session_ended: 'Your session has ended. Sign in again.',
  user_inactive:
    'This account has been deactivated. Contact the site administrator to reactivate it.',
  email_not_verified: "Your email isn't verified yet. Check your inbox for the verification link.",
  origin_not_allowed: "You can't sign in from this site. Contact the site administrator.",
  key_expired: 'This link has expired.',
  key_used: 'This link has already been used, or a newer one has replaced it.',
  key_invalid: 'This link is incomplete. Open the full link from the email.',
};

/** Describe the error to the user; field messages are the server's own. */
export function explain(error: AuthError): string {
  if (error.code === 'network') return explainNetwork();
  if (error.code === 'throttled') return explainLimit(error.retryAfterSeconds);
  const fieldMessages = Object.values(error.fields).flat();
  if (fieldMessages.length > 0) return fieldMessages.map(({ message }) => message).join(' ');
  const text = messages[error.code] ?? error.message;
  // The administrator finds the log entry by this reference.
  return error.reference ? `${text} (Reference ${error.reference})` : text;
}

/** Describe the error in a form, and add that the input is not lost where that is in doubt. */
export function explainInForm(error: AuthError): string {
  const retryable = isTransient(error) || error.code === 'throttled';
  return retryable ? `${explain(error)} What you typed is still here.` : explain(error);
}

/** Wrap an error that is not an AuthError, such as a bug in this app, so that it has a message. */
export function toAuthError(error: unknown): AuthError {
  if (error instanceof AuthError) return error;
  console.error(error);
  return new AuthError({ code: 'unexpected', status: 0, message: messages.unexpected ?? '' });
}

export function isTransient(error: unknown): boolean {
  return error instanceof AuthError && (error.code === 'network' || error.status >= 500);
}

function explainNetwork(): string {
  if (!navigator.onLine) return "You're offline. Try again when you're back online.";
  return "Can't reach the server. Check your connection, or try again in a moment.";
}

function explainLimit(seconds: number | undefined): string {
  const when = seconds === undefined ? 'in a few minutes' : `in ${formatSeconds(seconds)}`;
  return `Too many attempts. Try again ${when}.`;
}

/** Format a duration: "42 seconds", "3 minutes". */
export function formatSeconds(seconds: number): string {
  if (seconds < 120) return plural(Math.max(1, Math.ceil(seconds)), 'second');
  if (seconds < 7200) return plural(Math.ceil(seconds / 60), 'minute');
  return plural(Math.ceil(seconds / 3600), 'hour');
}

function plural(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
