import { beforeEach, describe, expect, it, vi } from 'vitest';

import { AuthError, type ErrorCode } from '../client';
import { explain, explainInForm, formatSeconds, isTransient, toAuthError } from './errors';

const error = (code: ErrorCode, more: Partial<ConstructorParameters<typeof AuthError>[0]> = {}) =>
  new AuthError({ code, status: 400, message: 'As the server puts it.', ...more });

beforeEach(() => vi.stubGlobal('navigator', { onLine: true }));

describe('explain', () => {
  it('distinguishes being offline from an unreachable server', () => {
    expect(explain(error('network'))).toMatch(/^Can't reach the server\./);
    vi.stubGlobal('navigator', { onLine: false });
    expect(explain(error('network'))).toMatch(/^You're offline\./);
  });

  it('says how long to wait', () => {
    expect(explain(error('throttled', { retryAfterSeconds: 42 }))).toBe(
      'Too many attempts. Try again in 42 seconds.',
    );
  });

  it('shows field messages as the server sent them', () => {
    const fields = { email: [{ code: 'unique' as const, message: 'Taken.' }] };
    expect(explain(error('invalid_input', { fields }))).toBe('Taken.');
  });

  it('includes the log reference', () => {
    expect(explain(error('server_error', { reference: 'ab12' }))).toMatch(/\(Reference ab12\)$/);
  });

  it('shows the server message for other codes', () => {
    expect(explain(error('permission_denied'))).toBe('As the server puts it.');
  });

  it('has a different message for each link error', () => {
    const codes: ErrorCode[] = ['key_used', 'key_expired', 'key_invalid'];
    expect(new Set(codes.map((code) => explain(error(code)))).size).toBe(3);
  });
});

it('says that the input is still there when it may seem lost', () => {
  expect(explainInForm(error('network'))).toMatch(/What you typed is still here\.$/);
  expect(explainInForm(error('throttled'))).toMatch(/What you typed is still here\.$/);
  expect(explainInForm(error('in_use'))).not.toMatch(/still here/);
});

it.each([
  [0, '1 second'],
  [42, '42 seconds'],
  [119, '119 seconds'],
  [120, '2 minutes'],
  [121, '3 minutes'],
  [7200, '2 hours'],
])('formats %i seconds as %s', (seconds, text) => {
  expect(formatSeconds(seconds)).toBe(text);
});

it('treats network and server errors as transient', () => {
  expect(isTransient(error('network', { status: 0 }))).toBe(true);
  expect(isTransient(error('unavailable', { status: 503 }))).toBe(true);
  expect(isTransient(error('throttled', { status: 429 }))).toBe(false);
  expect(isTransient(new TypeError())).toBe(false);
});

it('wraps an error of the app itself', () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  expect(toAuthError(new TypeError('x')).code).toBe('unexpected');
});
