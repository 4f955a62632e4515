import assert from 'node:assert/strict';

import { heading, PASSWORD, password, press, signIn, signUp } from './steps.mjs';
import { story } from './story.mjs';

story(
  'a session that is ended from another browser leads to sign-in, and what was typed is kept',
  async (visit) => {
    const page = await visit();
    const name = await signUp(page);
    await page.getByRole('link', { name: 'Change address' }).click();
    await page.getByLabel('New email').fill('elsewhere@example.com');
    await password(page).fill(PASSWORD);

    const other = await visit();
    await other.goto('/devices');
    await signIn(other, name);
    await press(other, 'End all other sessions');
    await press(other, 'End them');
    await other.getByText('You are signed in nowhere else.').waitFor();

    await press(page, 'Change address');
    await heading(page, 'Sign in');
    await page.getByText('Your session has ended.').waitFor();
    await signIn(page, name);
    await heading(page, 'Change address');
    await page.getByText('still here').waitFor();
    assert.equal(await page.getByLabel('New email').inputValue(), 'elsewhere@example.com');
  },
);

story('one device is ended from the list, by its name', async (visit) => {
  const phone = await visit({
    userAgent:
      'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36',
  });
  const name = await signUp(phone);
  const page = await visit();
  await page.goto('/devices');
  await signIn(page, name);
  await page.getByRole('button', { name: /^End the session on .*Android/ }).click();
  await page.getByText(/Android.* is signed out\./).waitFor();
  await page.getByText('You are signed in nowhere else.').waitFor();

  await phone.reload();
  await heading(phone, 'Sign in');
});
