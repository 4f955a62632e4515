const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
// The server updates a session's `last_seen_at` at most every ten minutes.
const TRUSTED_SKEW_SECONDS = 15 * MINUTE;

const steps: [limit: number, size: number, unit: Intl.RelativeTimeFormatUnit][] = [
  [HOUR, MINUTE, 'minute'],
  [DAY, HOUR, 'hour'],
  [30 * DAY, DAY, 'day'],
  [365 * DAY, 30 * DAY, 'month'],
  [Infinity, 365 * DAY, 'year'],
];

/** Format how long ago a time was: "just now", "5 minutes ago", "yesterday". */
export function relativeTime(iso: string, now: number): string {
  const seconds = Math.floor((now - Date.parse(iso)) / 1000);
  if (!(seconds >= MINUTE)) return 'just now';
  const [, size, unit] = steps.find(([limit]) => seconds < limit) ?? [
    0,
    365 * DAY,
    'year' as const,
  ];
  return new Intl.RelativeTimeFormat('en', { numeric: 'auto' }).format(
    -Math.floor(seconds / size),
    unit,
  );
}

/**
 * Return the current time, corrected by a recent time of the server.
 *
 * A clock that is wrong by an hour would turn "just now" into "an hour ago". If the two differ by
 * more than the server's update interval explains, the server's time is used.
 */
export function trustedNow(lastSeen: string | undefined, clock: number): number {
  const seen = lastSeen === undefined ? NaN : Date.parse(lastSeen);
  const skewSeconds = Math.abs(clock - seen) / 1000;
  return skewSeconds > TRUSTED_SKEW_SECONDS ? seen : clock;
}

/** Format a date: "23 November 2026". */
export function day(iso: string, locale = english()): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'long' }).format(new Date(iso));
}

/** Format a time of day: "14:20". */
export function timeOfDay(iso: string, locale = english()): string {
  return new Intl.DateTimeFormat(locale, { timeStyle: 'short' }).format(new Date(iso));
}

/** Format a date and time: "23 November 2026 at 14:20". */
export function moment(iso: string, locale = english()): string {
  return `${day(iso, locale)} at ${timeOfDay(iso, locale)}`;
}

// The app is in English, so dates are too, in the user's own variant if the browser names one.
function english(): string {
  const own = typeof navigator === 'undefined' ? [] : navigator.languages;
  return own.find((language) => /^en\b/.test(language)) ?? 'en-GB';
}
