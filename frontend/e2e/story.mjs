/** The frame of every story: visitors who are watched, and what has to hold whatever they do. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, test } from 'node:test';

import { launch, open, variable } from './steps.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let launched;
after(async () => (await launched)?.close());

/**
 * A test with visitors of its own. Whatever it is about, it fails as well where a page has thrown,
 * has broken the Content-Security-Policy, or keeps a token or a password where scripts can read it.
 */
export function story(name, act, { base = variable('BASE_URL') } = {}) {
  test(name, { timeout: 180_000 }, async () => {
    const visitors = [];
    const complaints = [];
    const visit = async (options = {}) => {
      launched ??= launch();
      const context = await (await launched).newContext({ baseURL: base, ...options });
      visitors.push(context);
      await watch(context, complaints);
      return open(context);
    };
    try {
      await act(visit);
      for (const context of visitors) await assertNothingKept(context);
    } catch (error) {
      await describePages(visitors);
      throw error;
    } finally {
      for (const context of visitors) await context.close();
    }
    assert.deepEqual(complaints, []);
  });
}

async function watch(context, complaints) {
  await context.addInitScript(() => {
    addEventListener('securitypolicyviolation', (event) =>
      console.error(`violation of ${event.violatedDirective} by ${event.blockedURI}`),
    );
  });
  context.on('weberror', (error) => complaints.push(String(error.error())));
  context.on('console', (message) => {
    // A refusal by the server is part of many stories, and the browser notes each one.
    const expected = message.text().startsWith('Failed to load resource');
    if (message.type() === 'error' && !expected) complaints.push(message.text());
  });
}

/** Look where scripts can look. Tokens are JWTs, or begin with `oj_`. */
async function assertNothingKept(context) {
  for (const page of context.pages().filter((page) => page.url().startsWith('http'))) {
    const kept = await page.evaluate(() =>
      JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, history.state]),
    );
    assert.doesNotMatch(kept, /eyJ|oj_|horse battery/);
  }
  for (const { name, httpOnly, secure, sameSite } of await context.cookies()) {
    assert.match(name, /^__Host-oddjobbox_(refresh|device)$/);
    assert.deepEqual(
      { httpOnly, secure, sameSite },
      { httpOnly: true, secure: true, sameSite: 'Strict' },
    );
  }
}

async function describePages(visitors) {
  for (const page of visitors.flatMap((context) => context.pages())) {
    const text = await page.evaluate(() => document.body.innerText).catch(String);
    console.log(`--- ${page.url()}\n${text}\n---`);
  }
}

/** Let axe look at the page as it is now. */
export async function assertAccessible(page, name) {
  await page.evaluate(AXE);
  const found = await page.evaluate(async () => {
    const { violations } = await globalThis.axe.run();
    return violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(', ')}`,
    );
  });
  assert.deepEqual(found, [], name);
}
