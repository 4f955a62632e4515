/** The setup of every browser test, and the checks that apply to all of them. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, test } from 'node:test';

import { launch, open, variable } from './steps.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let launched;
after(async () => (await launched)?.close());

/**
 * A test with its own browser contexts. It also fails if a page throws, violates the
 * Content-Security-Policy, or keeps a token or a password where scripts can read it.
 */
export function browserTest(name, run, { base = variable('BASE_URL') } = {}) {
  test(name, { timeout: 180_000 }, async () => {
    const contexts = [];
    const errors = [];
    const visit = async (options = {}) => {
      launched ??= launch();
      const context = await (await launched).newContext({ baseURL: base, ...options });
      contexts.push(context);
      await watch(context, errors);
      return open(context);
    };
    try {
      await run(visit);
      for (const context of contexts) await assertNoSecretsStored(context);
    } catch (error) {
      await describePages(contexts);
      throw error;
    } finally {
      for (const context of contexts) await context.close();
    }
    assert.deepEqual(errors, []);
  });
}

async function watch(context, errors) {
  await context.addInitScript(() => {
    addEventListener('securitypolicyviolation', (event) =>
      console.error(`violation of ${event.violatedDirective} by ${event.blockedURI}`),
    );
  });
  context.on('weberror', (error) => errors.push(String(error.error())));
  context.on('console', (message) => {
    // Many tests expect an error response, which the browser logs.
    const expected = message.text().startsWith('Failed to load resource');
    if (message.type() === 'error' && !expected) errors.push(message.text());
  });
}

/** Check everything that scripts can read. Tokens are JWTs, or begin with `oj_`. */
async function assertNoSecretsStored(context) {
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

async function describePages(contexts) {
  for (const page of contexts.flatMap((context) => context.pages())) {
    const text = await page.evaluate(() => document.body.innerText).catch(String);
    console.log(`--- ${page.url()}\n${text}\n---`);
  }
}

/** Check the page in its current state with axe. */
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
