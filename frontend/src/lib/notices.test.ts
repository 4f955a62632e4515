import { beforeEach, expect, it } from 'vitest';

import {
  advanceNotice,
  currentNotice,
  dismissNotice,
  showNotice,
  showNoticeOnNextPage,
} from './notices';

beforeEach(dismissNotice);

it('shows a notice until the next navigation', () => {
  showNotice('Done.');
  expect(currentNotice()).toEqual({ text: 'Done.', tone: 'good' });
  advanceNotice();
  expect(currentNotice()).toBeNull();
});

it('marks a notice about a failure', () => {
  showNotice("You're still signed in.", 'bad');
  expect(currentNotice()).toEqual({ text: "You're still signed in.", tone: 'bad' });
});

it('shows a notice on the next page only', () => {
  showNoticeOnNextPage('Done.');
  expect(currentNotice()).toBeNull();
  advanceNotice();
  expect(currentNotice()?.text).toBe('Done.');
  advanceNotice();
  expect(currentNotice()).toBeNull();
});

it('drops an upcoming notice', () => {
  showNoticeOnNextPage('Deleted.');
  dismissNotice();
  advanceNotice();
  expect(currentNotice()).toBeNull();
});
