import assert from 'node:assert/strict';

import {
  emailOf,
  fieldError,
  heading,
  linkFor,
  open,
  password,
  PASSWORD,
  press,
  signIn,
  signUp,
} from './steps.mjs';
import { browserTest } from './browserTest.mjs';

const NEW = 'another horse battery';

browserTest(
  'a forgotten password is reset by the link in a mail, which works once',
  async (visit) => {
    const name = await signUp(await visit());
    const page = await visit();
    await page.goto('/sign-in');
    await page.getByLabel('Username or email').fill(emailOf(name));
    await page.getByRole('link', { name: 'Forgot your password?' }).click();
    await heading(page, 'Forgot your password?');
    assert.equal(await page.getByLabel('Email').inputValue(), emailOf(name));
    await press(page, 'Send reset link');
    await heading(page, 'Check your email');

    const link = await linkFor(emailOf(name), 'reset-password');
    await page.goto(link);
    await password(page, 'New password').fill(NEW);
    await press(page, 'Save new password');
    await page.getByText('Password changed.').waitFor();
    assert.equal(new URL(page.url()).hash, '');
    await signIn(page, name, NEW);
    await heading(page, 'Account');

    const again = await open(page.context());
    await again.goto(link);
    await password(again, 'New password').fill('third horse battery');
    await press(again, 'Save new password');
    await heading(again, 'This link has been used');
  },
);

browserTest('a changed password signs out the other browser only', async (visit) => {
  const other = await visit();
  const name = await signUp(other);
  const page = await visit();
  await page.goto('/account/password');
  await signIn(page, name);
  await password(page, 'Current password').fill('wrong horse battery');
  await password(page, 'New password').fill(NEW);
  await press(page, 'Change password');
  await fieldError(page).waitFor();
  await password(page, 'Current password').fill(PASSWORD);
  await press(page, 'Change password');
  await page.getByText('Password changed.').waitFor();
  await page.reload();
  await page.getByText('Member since').waitFor();

  await other.reload();
  await heading(other, 'Sign in');
});
