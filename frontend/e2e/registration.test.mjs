import assert from 'node:assert/strict';

import {
  emailOf,
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

browserTest('a new email is verified by the link in a mail', async (visit) => {
  const page = await visit();
  const name = await signUp(page);
  await page.getByText('Not verified', { exact: true }).waitFor();

  await page.goto(await linkFor(emailOf(name), 'verify-email'));
  await heading(page, 'Verify your email');
  await press(page, 'Verify email');
  await heading(page, 'Your email is verified');
  await page.getByRole('link', { name: 'Go to your account' }).click();

  await page.getByText('Verified', { exact: true }).waitFor();
  assert.equal(await page.getByText('Not verified').count(), 0);
});

browserTest('a taken username is reported at its field, and the input is kept', async (visit) => {
  const name = await signUp(await visit());
  const page = await visit();
  await page.goto('/sign-up');
  await page.getByLabel('Username').fill(name.toUpperCase());
  await page.getByLabel('Email').fill(emailOf(newName()));
  await password(page).fill(PASSWORD);
  await press(page, 'Sign up');

  const field = page.getByLabel('Username');
  await page.getByText('This username is already associated with an account.').waitFor();
  assert.equal(await field.getAttribute('aria-invalid'), 'true');
  assert.equal(await field.inputValue(), name.toUpperCase());
  assert.equal(await password(page).inputValue(), PASSWORD);
});

browserTest('a wrong password is reported, and the right one leads to the page', async (visit) => {
  const name = await signUp(await visit());
  const page = await visit();
  await page.goto('/devices');
  await heading(page, 'Sign in');
  await signIn(page, emailOf(name), 'wrong horse battery');
  await page.getByRole('alert').getByText('was not found').waitFor();
  assert.equal(await page.getByLabel('Username or email').inputValue(), emailOf(name));

  await signIn(page, emailOf(name));
  await heading(page, 'Devices');
  await page.getByText('This device').waitFor();
});
