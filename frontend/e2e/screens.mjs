/** Take the README's screenshot of sign-in, account and devices: `make screens`. */
import { resolve } from 'node:path';

import {
  emailOf,
  heading,
  launch,
  linkFor,
  open,
  password,
  PASSWORD,
  press,
  signIn,
  signUp,
} from './steps.mjs';

const target = resolve(process.env.INIT_CWD ?? '.', process.argv[2] ?? 'screens.png');
const NAME = 'jane_doe';
const SCREEN = { width: 640, height: 600 };
const GAP = 24;
const PHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1';
const LAPTOP =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0';

const browser = await launch();
const context = await newContext();
const page = await open(context);
await signUp(page, NAME);
await page.goto(await linkFor(emailOf(NAME), 'verify-email'));
await press(page, 'Verify email');
for (const userAgent of [PHONE, LAPTOP]) await signInWith(userAgent);

const shots = [await shoot('/account', 'Account'), await shoot('/devices', 'Devices')];
await press(page, 'Sign out');
await page.getByText("You're signed out.").waitFor();
await page.reload();
await heading(page, 'Sign in');
await page.getByLabel('Username or email').fill(NAME);
await password(page).fill(PASSWORD);
shots.unshift(await shoot());
await join(shots);
await browser.close();
console.log(`Wrote ${target}.`);

function newContext(options = {}) {
  const baseURL = process.env.BASE_URL;
  return browser.newContext({ baseURL, viewport: SCREEN, colorScheme: 'light', ...options });
}

async function signInWith(userAgent) {
  const other = await newContext({ userAgent });
  const otherPage = await open(other);
  await otherPage.goto('/account');
  await signIn(otherPage, NAME);
  await heading(otherPage, 'Account');
  await other.close();
}

async function shoot(path, title) {
  if (path) {
    await page.goto(path);
    await heading(page, title);
    await page.locator('time').first().waitFor();
  }
  await page.evaluate(() => document.fonts.ready);
  await page.mouse.move(0, 0);
  return page.screenshot({ animations: 'disabled', caret: 'hide' });
}

/** Put the screenshots side by side. */
async function join(screenshots) {
  const width = screenshots.length * (SCREEN.width + GAP) + GAP;
  const sheet = await browser.newPage({ viewport: { width, height: SCREEN.height + 2 * GAP } });
  const images = screenshots.map(
    (png) => `<img src="data:image/png;base64,${png.toString('base64')}">`,
  );
  await sheet.setContent(
    `<style>
      body { margin: 0; padding: ${GAP}px; display: flex; gap: ${GAP}px; background: #d9dde5 }
      img { border-radius: 8px }
    </style>${images.join('')}`,
  );
  await sheet.waitForFunction(() => [...document.images].every(({ complete }) => complete));
  await sheet.screenshot({ path: target });
}
