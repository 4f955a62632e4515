import assert from 'node:assert/strict';

import {
  addressOf,
  heading,
  linkFor,
  open,
  password,
  PASSWORD,
  press,
  signIn,
  signUp,
} from './steps.mjs';
import { story } from './story.mjs';

const NEW = 'another horse battery';

story('a forgotten password is replaced by the link in a mail, which works once', async (visit) => {
  const name = await signUp(await visit());
  const page = await visit();
  await page.goto('/sign-in');
  await page.getByLabel('Username or email').fill(addressOf(name));
  await page.getByRole('link', { name: 'Forgot your password?' }).click();
  await heading(page, 'Forgot your password?');
  assert.equal(await page.getByLabel('Email').inputValue(), addressOf(name));
  await press(page, 'Send the link');
  await heading(page, 'Look into your mail');

  const link = await linkFor(addressOf(name), 'reset-password');
  await page.goto(link);
  await password(page, 'New password').fill(NEW);
  await press(page, 'Set password');
  await page.getByText('Your new password is set.').waitFor();
  assert.equal(new URL(page.url()).hash, '');
  await signIn(page, name, NEW);
  await heading(page, 'Account');

  const again = await open(page.context());
  await again.goto(link);
  await password(again, 'New password').fill('third horse battery');
  await press(again, 'Set password');
  await heading(again, 'This link has been used');
});

story('a changed password signs the other browser out, and this one stays', async (visit) => {
  const other = await visit();
  const name = await signUp(other);
  const page = await visit();
  await page.goto('/account/password');
  await signIn(page, name);
  await password(page, 'Current password').fill('wrong horse battery');
  await password(page, 'New password').fill(NEW);
  await press(page, 'Change password');
  await page.getByText('not correct').waitFor();
  await password(page, 'Current password').fill(PASSWORD);
  await press(page, 'Change password');
  await page.getByText('Your password is changed.').waitFor();
  await page.reload();
  await page.getByText('Member since').waitFor();

  await other.reload();
  await heading(other, 'Sign in');
});
