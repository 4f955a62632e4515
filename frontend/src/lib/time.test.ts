import { describe, expect, it } from 'vitest';

import { day, moment, relativeTime, trustedNow } from './time';

const now = Date.parse('2026-11-23T14:20:00Z');

describe('relativeTime', () => {
  it.each([
    ['2026-11-23T14:20:00Z', 'just now'],
    ['2026-11-23T14:19:01Z', 'just now'],
    ['2026-11-23T14:19:00Z', '1 minute ago'],
    ['2026-11-23T13:20:01Z', '59 minutes ago'],
    ['2026-11-23T13:20:00Z', '1 hour ago'],
    ['2026-11-22T14:20:01Z', '23 hours ago'],
    ['2026-11-22T14:20:00Z', 'yesterday'],
    ['2026-11-16T14:20:00Z', '7 days ago'],
    ['2026-10-24T14:20:00Z', 'last month'],
    ['2026-06-23T14:20:00Z', '5 months ago'],
    ['2025-11-23T14:20:00Z', 'last year'],
    ['2020-11-23T14:20:00Z', '6 years ago'],
  ])('formats %s as %s', (iso, text) => {
    expect(relativeTime(iso, now)).toBe(text);
  });

  it('formats a future time as just now', () => {
    expect(relativeTime('2026-11-23T15:20:00Z', now)).toBe('just now');
  });

  it('formats an invalid time as just now', () => {
    expect(relativeTime('', now)).toBe('just now');
  });
});

describe('trustedNow', () => {
  it('uses a clock that agrees with the server', () => {
    expect(trustedNow('2026-11-23T14:10:00Z', now)).toBe(now);
  });

  it.each(['2026-11-23T13:20:00Z', '2026-11-23T15:20:00Z'])(
    'uses the server time if the clock is wrong by an hour: %s',
    (seen) => {
      expect(trustedNow(seen, now)).toBe(Date.parse(seen));
    },
  );

  it('uses the clock without a server time', () => {
    expect(trustedNow(undefined, now)).toBe(now);
  });
});

describe('dates', () => {
  it('are written in the given variant of English', () => {
    expect(day('2026-11-23T12:00:00Z', 'en-GB')).toBe('23 November 2026');
    expect(day('2026-11-23T12:00:00Z', 'en-US')).toBe('November 23, 2026');
    expect(moment('2026-11-23T12:00:00Z', 'en-GB')).toMatch(/^23 November 2026 at \d\d:\d\d$/);
  });
});
