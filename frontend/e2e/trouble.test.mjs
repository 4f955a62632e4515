import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';

import { heading, newName, password, press, signUp } from './steps.mjs';
import { browserTest } from './browserTest.mjs';

const LOGIN = '**/auth/login';
const problem = { headers: { 'Content-Type': 'application/problem+json' } };

/** Open the sign-in page and fill in the form. */
async function fillIn(visit) {
  const page = await visit();
  const name = newName();
  await page.goto('/sign-in');
  await page.getByLabel('Username or email').fill(name);
  await password(page).fill('some password');
  return { page, name };
}

async function assertInputKept({ page, name }) {
  assert.equal(await page.getByLabel('Username or email').inputValue(), name);
  assert.equal(await password(page).inputValue(), 'some password');
}

function errorResponse(status, code) {
  return { status, ...problem, body: JSON.stringify({ status, code, title: code, detail: code }) };
}

const failures = {
  'a server that is down': [(route) => route.abort('connectionrefused'), "Can't reach the server."],
  'a server error': [
    (route) => route.fulfill(errorResponse(500, 'server_error')),
    'Something went wrong on the server.',
  ],
  'a proxy page instead of a response': [
    (route) => route.fulfill({ status: 502, contentType: 'text/html', body: '<h1>Bad gateway' }),
    'The server sent an unexpected response.',
  ],
};
for (const [name, [respond, message]] of Object.entries(failures)) {
  browserTest(`${name} is explained, and the input is kept`, async (visit) => {
    const form = await fillIn(visit);
    await form.page.route(LOGIN, respond);
    await press(form.page, 'Sign in');
    await form.page.getByRole('alert').getByText(message).waitFor();
    await assertInputKept(form);

    await form.page.unroute(LOGIN);
    await press(form.page, 'Sign in');
    await form.page.getByRole('alert').getByText('was not found').waitFor();
  });
}

browserTest('a rate limit counts down on the button, which then works again', async (visit) => {
  const form = await fillIn(visit);
  const { page } = form;
  let requests = 0;
  await page.route(LOGIN, (route) => {
    requests += 1;
    const headers = { ...problem.headers, 'Retry-After': '3' };
    return route.fulfill({ ...errorResponse(429, 'throttled'), headers });
  });
  await press(page, 'Sign in');
  await page.getByRole('alert').getByText('Too many attempts.').waitFor();
  for (const seconds of [3, 2, 1]) {
    await page.getByRole('button', { name: `Try again in ${seconds} s` }).waitFor();
  }
  assert.equal(requests, 1);
  await page.unroute(LOGIN);
  await press(page, 'Sign in');
  await page.getByRole('alert').getByText('was not found').waitFor();
  await assertInputKept(form);
});

browserTest('a slow response is explained while it is awaited', async (visit) => {
  const { page } = await fillIn(visit);
  await page.route(LOGIN, async (route) => {
    await pause(3000);
    await route.continue();
  });
  await press(page, 'Sign in');
  await page.getByText('The server is slow to respond.').waitFor();
  await page.getByRole('alert').getByText('was not found').waitFor();
});

browserTest('an app that starts without its server shows an error and can retry', async (visit) => {
  const page = await visit();
  await page.route('**/auth/refresh', (route) => route.abort('connectionrefused'));
  await page.goto('/devices');
  await heading(page, 'Something went wrong');
  await page.unroute('**/auth/refresh');
  await press(page, 'Try again');
  await heading(page, 'Sign in');
});

browserTest('a page without a network shows an error and recovers by itself', async (visit) => {
  const page = await visit();
  await signUp(page);
  await page.context().setOffline(true);
  await page.getByText("You're offline.").first().waitFor();
  await page.getByRole('link', { name: 'Devices' }).click();
  await page.getByRole('alert').getByText("couldn't be loaded").waitFor();
  await page.context().setOffline(false);
  await page.getByText('This device').waitFor();
});
