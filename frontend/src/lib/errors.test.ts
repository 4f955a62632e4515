import { beforeEach, describe, expect, it, vi } from 'vitest';

import { AuthError, type ErrorCode } from '../client';
import { explain, explainKept, inWords, isTransient, toAuthError } from './errors';

const error = (code: ErrorCode, more: Partial<ConstructorParameters<typeof AuthError>[0]> = {}) =>
  new AuthError({ code, status: 400, message: 'As the server puts it.', ...more });

beforeEach(() => vi.stubGlobal('navigator', { onLine: true }));

describe('explain', () => {
  it('tells being offline from a server that does not answer', () => {
    expect(explain(error('network'))).toMatch(/^The server cannot be reached/);
    vi.stubGlobal('navigator', { onLine: false });
    expect(explain(error('network'))).toMatch(/^You are offline/);
  });

  it('says how long to wait', () => {
    expect(explain(error('throttled', { retryAfterSeconds: 42 }))).toBe(
      'That was tried too often. You can try again in 42 seconds.',
    );
  });

  it('gives the messages of fields as the server wrote them', () => {
    const fields = { email: [{ code: 'unique' as const, message: 'Taken.' }] };
    expect(explain(error('invalid_input', { fields }))).toBe('Taken.');
  });

  it('names the line in the log of the server', () => {
    expect(explain(error('server_error', { reference: 'ab12' }))).toMatch(/\(Reference ab12\)$/);
  });

  it('has other codes speak for themselves', () => {
    expect(explain(error('permission_denied'))).toBe('As the server puts it.');
  });

  it('gives each trouble with a link its own sentence', () => {
    const codes: ErrorCode[] = ['key_used', 'key_expired', 'key_invalid'];
    expect(new Set(codes.map((code) => explain(error(code)))).size).toBe(3);
  });
});

it('promises that nothing is lost where it may look so', () => {
  expect(explainKept(error('network'))).toMatch(/What you typed is kept\.$/);
  expect(explainKept(error('throttled'))).toMatch(/What you typed is kept\.$/);
  expect(explainKept(error('in_use'))).not.toMatch(/kept/);
});

it.each([
  [0, '1 second'],
  [42, '42 seconds'],
  [119, '119 seconds'],
  [120, '2 minutes'],
  [121, '3 minutes'],
  [7200, '2 hours'],
])('writes %i seconds as %s', (seconds, text) => {
  expect(inWords(seconds)).toBe(text);
});

it('tries again by itself what may pass by itself', () => {
  expect(isTransient(error('network', { status: 0 }))).toBe(true);
  expect(isTransient(error('unavailable', { status: 503 }))).toBe(true);
  expect(isTransient(error('throttled', { status: 429 }))).toBe(false);
  expect(isTransient(new TypeError())).toBe(false);
});

it('has words for a mistake of the program itself', () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  expect(toAuthError(new TypeError('x')).code).toBe('unexpected');
});
