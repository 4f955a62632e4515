import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';

import { heading, newName, password, press, signUp } from './steps.mjs';
import { story } from './story.mjs';

const LOGIN = '**/auth/login';
const problem = { headers: { 'Content-Type': 'application/problem+json' } };

/** Be on the sign-in page with something typed. */
async function typed(visit) {
  const page = await visit();
  const name = newName();
  await page.goto('/sign-in');
  await page.getByLabel('Username or email').fill(name);
  await password(page).fill('some password');
  return { page, name };
}

async function assertKept({ page, name }) {
  assert.equal(await page.getByLabel('Username or email').inputValue(), name);
  assert.equal(await password(page).inputValue(), 'some password');
}

function answer(status, code) {
  return { status, ...problem, body: JSON.stringify({ status, code, title: code, detail: code }) };
}

const troubles = {
  'a server that is down': [(route) => route.abort('connectionrefused'), 'cannot be reached'],
  'an error of the server': [
    (route) => route.fulfill(answer(500, 'server_error')),
    'Something went wrong on the server.',
  ],
  'a page of a proxy instead of an answer': [
    (route) => route.fulfill({ status: 502, contentType: 'text/html', body: '<h1>Bad gateway' }),
    'Please try again in a moment.',
  ],
};
for (const [name, [act, words]] of Object.entries(troubles)) {
  story(`${name} is said in words, and what was typed is kept`, async (visit) => {
    const form = await typed(visit);
    await form.page.route(LOGIN, act);
    await press(form.page, 'Sign in');
    await form.page.getByRole('alert').getByText(words).waitFor();
    await assertKept(form);

    await form.page.unroute(LOGIN);
    await press(form.page, 'Sign in');
    await form.page.getByRole('alert').getByText('was not found').waitFor();
  });
}

story('a limit counts down on the button, and then it can be pressed', async (visit) => {
  const form = await typed(visit);
  const { page } = form;
  let asked = 0;
  await page.route(LOGIN, (route) => {
    asked += 1;
    const headers = { ...problem.headers, 'Retry-After': '3' };
    return route.fulfill({ ...answer(429, 'throttled'), headers });
  });
  await press(page, 'Sign in');
  await page.getByRole('alert').getByText('That was tried too often.').waitFor();
  for (const seconds of [3, 2, 1]) {
    await page.getByRole('button', { name: `Try again in ${seconds} s` }).waitFor();
  }
  assert.equal(asked, 1);
  await page.unroute(LOGIN);
  await press(page, 'Sign in');
  await page.getByRole('alert').getByText('was not found').waitFor();
  await assertKept(form);
});

story('a server that takes three seconds is waited for, with words', async (visit) => {
  const { page } = await typed(visit);
  await page.route(LOGIN, async (route) => {
    await pause(3000);
    await route.continue();
  });
  await press(page, 'Sign in');
  await page.getByText('The server is slow to answer.').waitFor();
  await page.getByRole('alert').getByText('was not found').waitFor();
});

story(
  'an app that starts without its server says so, and goes on when it is back',
  async (visit) => {
    const page = await visit();
    await page.route('**/auth/refresh', (route) => route.abort('connectionrefused'));
    await page.goto('/devices');
    await heading(page, 'No answer from the server');
    await page.unroute('**/auth/refresh');
    await press(page, 'Try again');
    await heading(page, 'Sign in');
  },
);

story('without a network the page says so, and comes to itself', async (visit) => {
  const page = await visit();
  await signUp(page);
  await page.context().setOffline(true);
  await page.getByText('You are offline.').first().waitFor();
  await page.getByRole('link', { name: 'Devices' }).click();
  await page.getByRole('alert').getByText('could not be loaded').waitFor();
  await page.context().setOffline(false);
  await page.getByText('This device').waitFor();
});
