import assert from 'node:assert/strict';

import {
  emailOf,
  fieldError,
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
import { browserTest } from './browserTest.mjs';

browserTest('an email is changed by a link, and restored by another link', async (visit) => {
  const page = await visit();
  const name = await signUp(page);
  const before = emailOf(name);
  const after = emailOf(`new_${name}`);
  await page.getByRole('link', { name: 'Change email' }).click();
  await page.getByLabel('New email').fill(after);
  await password(page).fill(PASSWORD);
  await press(page, 'Change email');
  await page.getByText(`Waiting for confirmation of ${after}.`).waitFor();

  await page.goto(await linkFor(after, 'verify-email'));
  await press(page, 'Verify email');
  await page.getByRole('link', { name: 'Go to your account' }).click();
  await page.getByText(after).waitFor();

  await page.goto(await linkFor(before, 'undo-email-change'));
  await press(page, 'Undo change');
  await heading(page, 'Email change undone');
  await page.getByText(before).waitFor();
  // The next mail leads to a new password.
  await page.goto(await linkFor(before, 'reset-password'));
  await password(page, 'New password').fill('another horse battery');
  await press(page, 'Save new password');
  await page.getByText('Password changed.').waitFor();
  await signIn(page, before, 'another horse battery');
  await page.getByText(before).waitFor();
});

browserTest('a changed username can be used to sign in', async (visit) => {
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
  await other.getByRole('listitem').nth(2).waitFor();
});

browserTest('an account is deleted with its password', async (visit) => {
  const page = await visit();
  const name = await signUp(page);
  await page.getByRole('link', { name: 'Delete account…' }).click();
  await password(page).fill('wrong horse battery');
  await press(page, 'Delete account');
  await press(page, 'Delete permanently');
  await fieldError(page).waitFor();
  await password(page).fill(PASSWORD);
  await press(page, 'Delete account');
  await press(page, 'Delete permanently');
  await page.getByText('Your account has been deleted.').waitFor();
  assert.equal(await hasRefreshCookie(page), false);
  // No trace of the session is left for the next visit.
  await page.reload();
  await heading(page, 'Sign in');
  assert.equal(await page.getByText('session has ended').count(), 0);

  await signIn(page, name);
  await page.getByRole('alert').getByText('was not found').waitFor();
});
