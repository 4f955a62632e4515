const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
// The server writes down when a session was last seen every ten minutes at most.
const TRUSTED_SKEW_SECONDS = 15 * MINUTE;

const steps: [limit: number, size: number, unit: Intl.RelativeTimeFormatUnit][] = [
  [HOUR, MINUTE, 'minute'],
  [DAY, HOUR, 'hour'],
  [30 * DAY, DAY, 'day'],
  [365 * DAY, 30 * DAY, 'month'],
  [Infinity, 365 * DAY, 'year'],
];

/** Write how long ago something was: "just now", "5 minutes ago", "yesterday". */
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
 * Tell what time it is, by a moment that the server called "now" a while ago at most.
 *
 * A clock that is wrong by an hour would turn "just now" into "an hour ago", so where the two
 * disagree by more than they can, the server's moment counts.
 */
export function trustedNow(lastSeen: string | undefined, clock: number): number {
  const seen = lastSeen === undefined ? NaN : Date.parse(lastSeen);
  const skewSeconds = Math.abs(clock - seen) / 1000;
  return skewSeconds > TRUSTED_SKEW_SECONDS ? seen : clock;
}

/** Write a day: "23 November 2026". */
export function day(iso: string, locale = english()): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'long' }).format(new Date(iso));
}

/** Write a time of day: "14:20". */
export function timeOfDay(iso: string, locale = english()): string {
  return new Intl.DateTimeFormat(locale, { timeStyle: 'short' }).format(new Date(iso));
}

/** Write a moment in full: "23 November 2026 at 14:20". */
export function moment(iso: string, locale = english()): string {
  return `${day(iso, locale)} at ${timeOfDay(iso, locale)}`;
}

// The page is English, so its dates are, in the reader's own kind of English where there is one.
function english(): string {
  const own = typeof navigator === 'undefined' ? [] : navigator.languages;
  return own.find((language) => /^en\b/.test(language)) ?? 'en-GB';
}
