import { expect, it } from 'vitest';

import { readLink, linkErrorOf } from './links';

it('reads the key of a link', () => {
  expect(readLink('#uid=7&key=oj_aB-c%2Fd')).toEqual({ uid: '7', key: 'oj_aB-c/d' });
});

it.each(['', '#', '#key=', '#main'])('finds no key in %j', (hash) => {
  expect(readLink(hash).key).toBe('');
});

it('distinguishes a rejected link from other errors', () => {
  expect(linkErrorOf({ code: 'key_used' })).toBe('key_used');
  expect(linkErrorOf({ code: 'throttled' })).toBeNull();
});
