import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';

import { hasRefreshCookie, heading, newName, open, press, signUp, variable } from './steps.mjs';
import { browserTest } from './browserTest.mjs';

const REPEATS = Number(process.env.REPEATS ?? 20);
// A server whose access tokens live for two seconds.
const short = { base: variable('SHORT_URL') };
const PAST_EXPIRY_MS = 2200;

browserTest(
  'two tabs stay signed in after their token expires, repeatedly',
  async (visit) => {
    const first = await visit();
    const failures = [];
    first.context().on('response', (response) => {
      if (response.url().endsWith('/auth/refresh') && !response.ok())
        failures.push(response.status());
    });
    await signUp(first);
    const tabs = [first, await open(first.context())];
    for (const tab of tabs) await tab.goto('/account');
    const states = await Promise.all(tabs.map(lifecycle));
    failures.length = 0;

    for (let repeat = 0; repeat < REPEATS; repeat += 1) {
      // Every other time both are frozen, as on a closed laptop, so that no timer refreshes the
      // token and both need a new one at the same moment.
      const asleep = repeat % 2 === 1;
      if (asleep) await Promise.all(states.map((set) => set('frozen')));
      await pause(PAST_EXPIRY_MS);
      if (asleep) await Promise.all(states.map((set) => set('active')));
      await Promise.all(tabs.map((tab) => rename(tab)));
    }
    assert.deepEqual(failures, []);
  },
  short,
);

browserTest(
  'signing out in one tab signs the other out',
  async (visit) => {
    const first = await visit();
    await signUp(first);
    const second = await open(first.context());
    await second.goto('/devices');
    await second.getByText('This device').waitFor();
    await press(second, 'Sign out');

    for (const tab of [first, second]) {
      await heading(tab, 'Sign in');
      await tab.getByText("You're signed out.").waitFor();
    }
    assert.equal(await hasRefreshCookie(first), false);
  },
  short,
);

for (const hours of [1, -1]) {
  browserTest(
    `a clock that is wrong by ${hours} h has no effect`,
    async (visit) => {
      const page = await visit();
      await page.addInitScript((milliseconds) => {
        const { now } = Date;
        Date.now = () => now() + milliseconds;
      }, hours * 3_600_000);
      await signUp(page);
      for (let repeat = 0; repeat < 2; repeat += 1) {
        await pause(PAST_EXPIRY_MS);
        await rename(page);
      }
      const other = await visit();
      await other.goto('/sign-in');
      const name = await page.locator('dd').first().innerText();
      await other.getByLabel('Username or email').fill(name);
      await other.getByLabel('Password', { exact: true }).fill('correct horse battery');
      await press(other, 'Sign in');
      await heading(other, 'Account');

      await page.getByRole('link', { name: 'Devices' }).click();
      await page.getByText('Last seen just now').waitFor();
    },
    short,
  );
}

async function lifecycle(page) {
  const session = await page.context().newCDPSession(page);
  return (state) => session.send('Page.setWebLifecycleState', { state });
}

/** Send a request, by keyboard because a background tab renders only once a second. */
async function rename(page) {
  const name = newName();
  await page.getByRole('link', { name: 'Change username' }).press('Enter');
  await page.getByLabel('Username').fill(name);
  await page.getByLabel('Username').press('Enter');
  await page.getByText(`Your username is now ${name}.`).waitFor();
  await heading(page, 'Account');
}
