import assert from 'node:assert/strict';

import {
  addressOf,
  hasRefreshCookie,
  heading,
  linkFor,
  newName,
  password,
  PASSWORD,
  press,
  signIn,
  signUp,
} from './steps.mjs';
import { story } from './story.mjs';

story('an address is changed by a link, and given back by another', async (visit) => {
  const page = await visit();
  const name = await signUp(page);
  const before = addressOf(name);
  const after = addressOf(`new_${name}`);
  await page.getByRole('link', { name: 'Change address' }).click();
  await page.getByLabel('New email').fill(after);
  await password(page).fill(PASSWORD);
  await press(page, 'Change address');
  await page.getByText('becomes your address when you follow the link').waitFor();

  await page.goto(await linkFor(after, 'verify-email'));
  await press(page, 'Verify');
  await page.getByRole('link', { name: 'Go to your account' }).click();
  await page.getByText(after).waitFor();

  await page.goto(await linkFor(before, 'undo-email-change'));
  await press(page, 'Undo the change');
  await heading(page, 'The change is undone');
  await page.getByText(before).waitFor();
  // The mail that follows leads to a new password.
  await page.goto(await linkFor(before, 'reset-password'));
  await password(page, 'New password').fill('another horse battery');
  await press(page, 'Set password');
  await page.getByText('Your new password is set.').waitFor();
  await signIn(page, before, 'another horse battery');
  await page.getByText(before).waitFor();
});

story('a username is changed, and signs in', async (visit) => {
  const page = await visit();
  await signUp(page);
  const name = newName();
  await page.getByRole('link', { name: 'Change username' }).click();
  await page.getByLabel('Username').fill(name);
  await press(page, 'Change username');
  await page.getByText(`Your username is now ${name}.`).waitFor();

  const other = await visit();
  await other.goto('/activity');
  await signIn(other, name);
  await heading(other, 'Activity');
  await other.getByText('Renamed', { exact: false }).first().waitFor();
});

story('an account is deleted with its password, and is gone', async (visit) => {
  const page = await visit();
  const name = await signUp(page);
  await page.getByRole('link', { name: 'Delete account…' }).click();
  await password(page).fill('wrong horse battery');
  await press(page, 'Delete account');
  await press(page, 'Delete for good');
  await page.getByText('not correct').waitFor();
  await password(page).fill(PASSWORD);
  await press(page, 'Delete account');
  await press(page, 'Delete for good');
  await page.getByText('Your account is deleted.').waitFor();
  assert.equal(await hasRefreshCookie(page), false);
  // Nothing is left that could make the next visit speak of a session.
  await page.reload();
  await heading(page, 'Sign in');
  assert.equal(await page.getByText('session has ended').count(), 0);

  await signIn(page, name);
  await page.getByRole('alert').getByText('was not found').waitFor();
});
