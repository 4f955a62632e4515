import { describe, expect, it } from 'vitest';

import { checkNewPassword, checkUsername, passwordRules, usernameRules, type Rule } from './rules';

const met = (rules: Rule[]) => rules.map((rule) => rule.met);

describe('usernameRules', () => {
  it.each([
    ['', [false, false]],
    ['jan', [false, true]],
    ['jane_doe', [true, true]],
    ['a'.repeat(25), [true, true]],
    ['a'.repeat(26), [false, true]],
    ['jane doe', [true, false]],
    ['jane-doe', [true, false]],
    ['jäne_doe', [true, false]],
    ['jane_doe\n', [true, false]],
  ])('judges %j', (username, expected) => {
    expect(met(usernameRules(username))).toEqual(expected);
  });
});

describe('passwordRules', () => {
  const judge = (password: string) =>
    met(passwordRules(password, { username: 'jane_doe', email: 'janemail@example.com' }));

  it.each([
    ['', [false, false, false]],
    ['engine7', [false, true, true]],
    ['a red engine', [true, true, true]],
    ['1234567890', [true, false, true]],
    ['my Jane_Doe!', [true, true, false]],
    ['janemail42', [true, true, false]],
    ['a'.repeat(128), [true, true, true]],
    ['a'.repeat(129), [false, true, true]],
  ])('judges %j', (password, expected) => {
    expect(judge(password)).toEqual(expected);
  });

  it('counts characters as the server does: code points after NFKC', () => {
    expect(judge('🔑'.repeat(7))[0]).toBe(false);
    expect(judge('🔑'.repeat(8))[0]).toBe(true);
    expect(judge('ﬃﬃﬃ')[0]).toBe(true);
  });

  it('shows the upper limit for a password that is too long', () => {
    expect(passwordRules('a'.repeat(129))[0]?.text).toBe('At most 128 characters');
  });

  it('leaves out the rule about names when the owner is unknown', () => {
    expect(passwordRules('jane_doe1').map(({ text }) => text)).toEqual([
      'At least 8 characters',
      'Not only numbers',
    ]);
  });

  it('allows a password that contains a short name', () => {
    expect(met(passwordRules('january stone', { username: 'jan', email: '' }))).toEqual([
      true,
      true,
      true,
    ]);
  });
});

describe('checks before sending', () => {
  it('accept valid values', () => {
    expect(checkUsername('jane_doe')).toBeUndefined();
    expect(checkNewPassword('a red engine')).toBeUndefined();
  });

  it('describe invalid values', () => {
    expect(checkUsername('jan')).toMatch(/^Usernames must be between 6 and 25/);
    expect(checkNewPassword('')).toBe('Enter a password.');
    expect(checkNewPassword('engine7')).toMatch(/too short/);
    expect(checkNewPassword('a'.repeat(129))).toMatch(/too long/);
  });
});
