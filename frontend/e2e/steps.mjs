/** The actions of a user in Chromium, and the mails that they receive. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { chromium } from 'playwright-core';

export const PASSWORD = 'correct horse battery';

export function variable(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set; tests/browser sets it.`);
  return value;
}

export function launch() {
  return chromium.launch({ executablePath: variable('CHROMIUM') });
}

export async function open(context) {
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  return page;
}

/** Return whether the browser still has the refresh cookie. */
export async function hasRefreshCookie(page) {
  const cookies = await page.context().cookies();
  return cookies.some(({ name }) => name === '__Host-oddjobbox_refresh');
}

let count = 0;

/** Return an unused username. Its email is `emailOf(name)`. */
export function newName() {
  count += 1;
  return `u${Date.now().toString(36)}${process.pid.toString(36)}${count}`;
}

export function emailOf(name) {
  return `${name}@example.com`;
}

export function password(page, label = 'Password') {
  return page.getByLabel(label, { exact: true });
}

export function press(page, name) {
  return page.getByRole('button', { name, exact: true }).click();
}

/** The field that the server or the form has rejected. */
export function fieldError(page) {
  return page.locator('[aria-invalid="true"]');
}

export function heading(page, name) {
  return page.getByRole('heading', { name, exact: true, level: 1 }).waitFor();
}

/** Sign up through the form, and wait for the account page. */
export async function signUp(page, name = newName()) {
  await page.goto('/sign-up');
  await page.getByLabel('Username').fill(name);
  await page.getByLabel('Email').fill(emailOf(name));
  await password(page).fill(PASSWORD);
  await press(page, 'Sign up');
  await heading(page, 'Account');
  await page.getByText('Member since').waitFor();
  return name;
}

/** Fill in and send the sign-in form, which the page shows or redirects to. */
export async function signIn(page, name, secret = PASSWORD) {
  await page.getByLabel('Username or email').fill(name);
  await password(page).fill(secret);
  await press(page, 'Sign in');
}

const read = new Set();

/** Wait for a mail to this email with a link to this page, and return the link. */
export async function linkFor(email, page) {
  const folder = variable('MAILS');
  for (const end = Date.now() + 15_000; Date.now() < end; await pause(50)) {
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
      if (read.has(file)) continue;
      const { recipients, links } = JSON.parse(readFileSync(join(folder, file), 'utf8'));
      const link = links.find((candidate) => new URL(candidate).pathname === `/${page}`);
      if (!recipients.includes(email) || !link) continue;
      read.add(file);
      return link;
    }
  }
  throw new Error(`no mail to ${email} has a link to ${page}`);
}
