import { describe, expect, it } from 'vitest';

import { checkNewPassword, checkUsername, passwordRules, usernameRules, type Rule } from './rules';

const met = (rules: Rule[]) => rules.map((rule) => rule.met);

describe('usernameRules', () => {
  it.each([
    ['', [false, false]],
    ['ada', [false, true]],
    ['ada_lovelace', [true, true]],
    ['a'.repeat(25), [true, true]],
    ['a'.repeat(26), [false, true]],
    ['ada lovelace', [true, false]],
    ['ada-lovelace', [true, false]],
    ['adä_lovelace', [true, false]],
    ['ada_lovelace\n', [true, false]],
  ])('judges %j', (username, expected) => {
    expect(met(usernameRules(username))).toEqual(expected);
  });
});

describe('passwordRules', () => {
  const judge = (password: string) =>
    met(passwordRules(password, 'ada_lovelace', 'countess@example.com'));

  it.each([
    ['', [false, false, false]],
    ['engine7', [false, true, true]],
    ['engine no. 1', [true, true, true]],
    ['1234567890', [true, false, true]],
    ['my Ada_Lovelace!', [true, true, false]],
    ['countess1842', [true, true, false]],
    ['a'.repeat(128), [true, true, true]],
    ['a'.repeat(129), [false, true, true]],
  ])('judges %j', (password, expected) => {
    expect(judge(password)).toEqual(expected);
  });

  it('counts characters as the server does: after NFKC, and a pair of surrogates once', () => {
    expect(judge('🔑'.repeat(7))[0]).toBe(false);
    expect(judge('🔑'.repeat(8))[0]).toBe(true);
    expect(judge('ﬃﬃﬃ')[0]).toBe(true);
  });

  it('says what is wrong with a password that is too long', () => {
    expect(passwordRules('a'.repeat(129), '', '')[0]?.text).toBe('At most 128 characters');
  });

  it('does not hold a short name against a password', () => {
    expect(met(passwordRules('adamant stone', 'ada', ''))).toEqual([true, true, true]);
  });
});

describe('checks before sending', () => {
  it('let through what the server may accept', () => {
    expect(checkUsername('ada_lovelace')).toBeUndefined();
    expect(checkNewPassword('engine no. 1')).toBeUndefined();
  });

  it('say what is missing', () => {
    expect(checkUsername('ada')).toMatch(/^Usernames must be between 6 and 25/);
    expect(checkNewPassword('')).toBe('Please choose a password.');
    expect(checkNewPassword('engine7')).toMatch(/too short/);
    expect(checkNewPassword('a'.repeat(129))).toMatch(/too long/);
  });
});
