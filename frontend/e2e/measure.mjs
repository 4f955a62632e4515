/**
 * Measure a first visit to the sign-in page, with nothing in the browser's cache:
 * `node e2e/measure.mjs http://localhost:8000`, or `make measure`.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { chromium } from 'playwright-core';

const VISITS = 7;
const IDLE_MS = 1500;
const base = process.argv[2] ?? process.env.BASE_URL;
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
if (!base) throw new Error('Pass the URL of a server: node e2e/measure.mjs http://localhost:8000');

const browser = await chromium.launch({ executablePath });
const visits = [];
for (let count = 0; count < VISITS; count += 1) visits.push(await visit());
await browser.close();
print(visits);

async function visit() {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.addInitScript(recordForm);
  const loads = await recordLoads(context, page);
  await page.goto(`${base}/sign-in`);
  await page.waitForFunction(() => globalThis.formAt !== undefined);
  const before = loads.size;
  await pause(IDLE_MS);
  const times = await page.evaluate(() => ({
    DOMContentLoaded: performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd,
    'first contentful paint': performance.getEntriesByName('first-contentful-paint')[0].startTime,
    'form ready': globalThis.formAt,
  }));
  await context.close();
  return { times, before, loads: [...loads.values()] };
}

/** Runs in the page, and records when the form accepts input. */
function recordForm() {
  const look = () => {
    const field = document.querySelector('form input[name="username"]');
    if (field) globalThis.formAt = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

async function recordLoads(context, page) {
  const loads = new Map();
  const session = await context.newCDPSession(page);
  await session.send('Network.enable');
  session.on('Network.responseReceived', ({ requestId, type, response }) => {
    loads.set(requestId, { type, path: new URL(response.url).pathname, bytes: 0 });
  });
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const load = loads.get(requestId);
    if (load) load.bytes = encodedDataLength;
  });
  return loads;
}

function print(visits) {
  const { before, loads } = visits.at(-1);
  console.log(
    `First visit to ${base}/sign-in: ${loads.length} requests, ${before} until the form is ready.`,
  );
  const types = groupByType(loads);
  for (const [type, ofType] of types) console.log(line(type, ofType));
  console.log(line('all', loads));
  for (const name of Object.keys(visits[0].times)) {
    const times = visits.map((visit) => visit.times[name]).sort((a, b) => a - b);
    const median = times[Math.floor(times.length / 2)];
    console.log(
      `  ${name.padEnd(24)} ${median.toFixed(0).padStart(5)} ms (median of ${VISITS} visits)`,
    );
  }
}

function groupByType(loads) {
  const types = new Map();
  for (const load of loads) types.set(load.type, [...(types.get(load.type) ?? []), load]);
  return types;
}

/** Format the bytes as they were sent: compressed, with headers. */
function line(type, loads) {
  const kilobytes = loads.reduce((sum, { bytes }) => sum + bytes, 0) / 1000;
  return `  ${type.padEnd(24)} ${kilobytes.toFixed(1).padStart(5)} kB in ${loads.length}`;
}
