import { describe, expect, it } from 'vitest';
import { AuthError } from './errors';
import { errorFrom } from './problems';
import { errorCodeValues } from './schema';
import { json } from './testing/server';

describe('an error code', () => {
  it.each(errorCodeValues)('%s of the API document is recognized', (code) => {
    const body = { detail: 'Detail.', code };
    expect(errorFrom(json(400, body), body)).toMatchObject({ code, message: 'Detail.' });
  });
});

describe('an error', () => {
  it('has the messages of each field, with their codes', () => {
    const message = { code: 'unique', message: 'This username is already taken.' };
    const errors = [
      { field: 'username', ...message },
      { field: 'username', code: 'blank', message: 'Empty.' },
      { field: '__proto__', code: 'invalid', message: 'No.' },
    ];
    const problem = {
      code: 'invalid_input',
      status: 400,
      detail: 'The input is not valid.',
      errors,
    };
    const error = errorFrom(json(400, problem), problem);
    expect(error).toBeInstanceOf(AuthError);
    expect(error).toMatchObject({ code: 'invalid_input', status: 400, message: problem.detail });
    expect(Object.keys(error.fields)).toEqual(['username', '__proto__']);
    expect(error.fields.username).toEqual([message, { code: 'blank', message: 'Empty.' }]);
  });

  it('has the seconds to wait and the log reference', () => {
    const body = { detail: 'Too many requests.', code: 'throttled', reference: '8f14e45f' };
    const error = errorFrom(json(429, body, { 'Retry-After': '540' }), body);
    expect(error).toMatchObject({ retryAfterSeconds: 540, reference: '8f14e45f', fields: {} });
  });

  it.each(['Wed, 21 Oct 2026 07:28:00 GMT', '-1', '1.5', ''])(
    'ignores Retry-After: %j',
    (header) => {
      const body = { detail: 'Too many requests.', code: 'throttled' };
      const error = errorFrom(json(429, body, { 'Retry-After': header }), body);
      expect(error.retryAfterSeconds).toBeUndefined();
    },
  );

  it.each([undefined, '<h1>Bad Gateway</h1>', [], { code: 'made_up' }, { code: 7 }, null])(
    'of a body that the API did not send (%j) is unexpected',
    (body) => {
      const error = errorFrom(new Response(null, { status: 502 }), body);
      expect(error).toMatchObject({ code: 'unexpected', status: 502, fields: {} });
    },
  );
});
