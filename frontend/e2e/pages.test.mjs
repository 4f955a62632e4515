import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';

import { heading, password, press, signIn, signUp } from './steps.mjs';
import { assertAccessible, browserTest } from './browserTest.mjs';

const PHONE = { width: 360, height: 740 };
const KEY = '#uid=1&key=none';
const SIGNED_OUT = [
  '/sign-in',
  '/sign-up',
  '/forgot-password',
  '/reset-password',
  `/reset-password${KEY}`,
  '/verify-email',
  `/verify-email${KEY}`,
  '/undo-email-change',
  `/undo-email-change${KEY}`,
  '/nowhere',
];
const ACCOUNT = ['', '/username', '/email', '/password', '/delete'].map((end) => `/account${end}`);

for (const colorScheme of ['light', 'dark']) {
  browserTest(
    `axe finds no violation on the signed-out pages, in ${colorScheme}`,
    async (visit) => {
      const page = await visit({ colorScheme });
      for (const path of SIGNED_OUT) {
        await page.goto('about:blank');
        await page.goto(path);
        await page.getByRole('heading', { level: 1 }).waitFor();
        await assertAccessible(page, path);
      }
      await page.goto('/sign-up');
      await press(page, 'Sign up');
      await assertAccessible(page, 'a form with errors');
    },
  );

  browserTest(`axe finds no violation on the account pages, in ${colorScheme}`, async (visit) => {
    const page = await visit({ colorScheme });
    const name = await signUp(page);
    const other = await visit();
    await other.goto('/account');
    await signIn(other, name);
    await heading(other, 'Account');
    for (const path of [...ACCOUNT, '/devices', '/activity']) {
      await page.goto(path);
      await page.locator('form, li, dt').first().waitFor();
      await assertAccessible(page, path);
    }
    await page.goto('/account/delete');
    await password(page).fill('some password');
    await press(page, 'Delete account');
    await page.getByRole('dialog').waitFor();
    await assertAccessible(page, 'a confirmation');
  });
}

browserTest('no page is wider than a phone', async (visit) => {
  const page = await visit({ viewport: PHONE });
  await signUp(page);
  for (const path of [...ACCOUNT, '/devices', '/activity', ...SIGNED_OUT.slice(2)]) {
    await page.goto(path);
    await page.getByRole('heading', { level: 1 }).waitFor();
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.equal(width, PHONE.width, path);
  }
});

browserTest(
  'a page that loads while the session is restored opens without a skeleton',
  async (visit) => {
    const page = await visit();
    await signUp(page);
    await page.addInitScript(() => {
      globalThis.pageSkeletons = 0;
      const count = () => {
        globalThis.pageSkeletons += document.querySelectorAll('.page .bone-heading').length;
      };
      new MutationObserver(count).observe(document, { childList: true, subtree: true });
    });
    await page.route('**/auth/refresh', async (route) => {
      // Long enough for the pages to load.
      await pause(1000);
      await route.continue();
    });
    await page.goto('/devices');
    await page.getByText('This device').waitFor();
    assert.equal(await page.evaluate(() => globalThis.pageSkeletons), 0);
  },
);
