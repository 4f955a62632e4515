import assert from 'node:assert/strict';

import { heading, PASSWORD, password, press, signIn, signUp } from './steps.mjs';
import { browserTest } from './browserTest.mjs';

browserTest(
  'a session that another browser ends leads to sign-in, and the input is kept',
  async (visit) => {
    const page = await visit();
    const name = await signUp(page);
    await page.getByRole('link', { name: 'Change email' }).click();
    await page.getByLabel('New email').fill('elsewhere@example.com');
    await password(page).fill(PASSWORD);

    const other = await visit();
    await other.goto('/devices');
    await signIn(other, name);
    await press(other, 'Sign out other devices');
    await press(other.getByRole('dialog'), 'Sign out');
    await other.getByText('No other devices.').waitFor();

    await press(page, 'Change email');
    await heading(page, 'Sign in');
    await page.getByText('Your session has ended.').waitFor();
    await signIn(page, name);
    await heading(page, 'Change email');
    await page.getByText('still here').waitFor();
    assert.equal(await page.getByLabel('New email').inputValue(), 'elsewhere@example.com');
  },
);

browserTest('one device is signed out from the list, by its name', async (visit) => {
  const phone = await visit({
    userAgent:
      'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36',
  });
  const name = await signUp(phone);
  const page = await visit();
  await page.goto('/devices');
  await signIn(page, name);
  await page.getByRole('button', { name: /^Sign out .*Android/ }).click();
  await page.getByText(/Android.* has been signed out\./).waitFor();
  await page.getByText('No other devices.').waitFor();

  await phone.reload();
  await heading(phone, 'Sign in');
});
