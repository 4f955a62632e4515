import { beforeEach, expect, it } from 'vitest';

import { currentNotice, dismissNotice, say, sayOnNextPage, turnPage } from './notices';

beforeEach(dismissNotice);

it('says something until the page is turned', () => {
  say('Done.');
  expect(currentNotice()).toBe('Done.');
  turnPage();
  expect(currentNotice()).toBe('');
});

it('keeps something for the next page, and only for that', () => {
  sayOnNextPage('Done.');
  expect(currentNotice()).toBe('');
  turnPage();
  expect(currentNotice()).toBe('Done.');
  turnPage();
  expect(currentNotice()).toBe('');
});

it('takes back what it was about to say', () => {
  sayOnNextPage('Deleted.');
  dismissNotice();
  turnPage();
  expect(currentNotice()).toBe('');
});
