// The timeline page in headless Chromium: what is in it, that hands work, that a million events open, that the console stays
// silent and nothing is fetched. Leaves screenshots in OUT for people. node page_test.mjs timeline-sample OUT
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [sample, out] = process.argv.slice(2);
const browserPath = process.env.CHROMIUM || ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
let chromium;
try {
  ({ chromium } = await import('playwright-core'));
} catch {
  console.log('skipped: playwright-core is not installed; run `npm ci` in test');
  process.exit(77);
}
if (!browserPath) {
  console.log('skipped: there is no Chromium; install it, or name it in CHROMIUM');
  process.exit(77);
}

function make(name, ...args) {
  const dir = resolve(out, name);
  mkdirSync(dir, { recursive: true });
  execFileSync(sample, [dir, ...args]);
  return resolve(dir, 'sample.html');
}

const browser = await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox'] });
async function open(path, options = {}) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 860 }, ...options });
  const complaints = [];
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => !request.url().startsWith('file:') && complaints.push(`fetched ${request.url()}`));
  const start = Date.now();
  await page.goto(pathToFileURL(path).href);
  await page.waitForFunction(() => document.querySelectorAll('.lane').length > 0);
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  return { page, complaints, took: Date.now() - start };
}
const text = (page, selector) => page.locator(selector).innerText();
// Pixels of the chart that are not the ground.
const painted = (page) => page.evaluate(() => {
  const canvas = document.getElementById('chart');
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  let count = 0;
  for (let i = 3; i < data.length; i += 4) count += data[i] > 200;
  return count;
});

const small = make('small');
{
  const { page, complaints } = await open(small);
  assert.equal(await page.locator('.lane').count(), 4, 'three threads and the lives of the tasks');
  assert.deepEqual(await page.locator('.lane').evaluateAll((all) => all.slice(0, 3).map((lane) => lane.firstChild.textContent)),
    ['server', 'pool-0', 'pool-1']);
  assert.equal(await page.locator('.lane .dropped').innerText(), '17 events dropped');
  assert.match(await text(page, '#notes'), /17 of \d+ events were dropped/);
  assert.match(await text(page, '#summary'), /3 threads · 22 tasks/);
  // It opens on what lasted longest, kept, and not on the whole run.
  assert.match(await text(page, '#details'), /stall in store::query/);
  await page.screenshot({ path: resolve(out, 'opened.png') });
  await page.keyboard.press('Escape');
  await page.keyboard.press('0');
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  assert.ok(await painted(page) > 20000, 'the chart is painted');
  assert.deepEqual(await page.locator('#legend span').allInnerTexts(), ['a task runs', 'work of a pool', 'waits for events',
    'a call that blocks', 'waits for a lock', 'the loop is stalled', 'a lock is held', 'something to look at', 'a task lives, but does not run']);
  const troubles = await page.locator('#troubles button b').allInnerTexts();
  assert.equal(troubles.length, 4);
  for (const expected of ['stall in store::query', 'read', 'audit: never started']) assert.ok(troubles.includes(expected), `${expected} in ${troubles}`);
  assert.ok(troubles.some((name) => name.includes('held across a suspension')), String(troubles));
  await page.screenshot({ path: resolve(out, 'all.png') });

  await page.locator('#troubles button', { has: page.locator('b', { hasText: /^read$/ }) }).click();
  assert.match(await text(page, '#details'), /src\/store\.cpp:24/);
  assert.match(await text(page, '#details'), /6 ms/);
  assert.equal(await page.locator('#details ol.stack li').count(), 3);
  assert.deepEqual(await page.evaluate(() => ['src/store.cpp:24 tenterhook::task<row> store::query(std::string_view)',
    '/a b/x.cpp:1 main', 'x.cpp:7 (anonymous namespace)::f(int (*)(int)) (.resume)', 'operator()(int)', 'x.cpp:3 void a<b (c)>::operator()(int) const',
    'libc.so.6'].map((text) => Object.values(shortly(text)).join(' '))),
  ['store.cpp:24 store::query', 'x.cpp:1 main', 'x.cpp:7 f', ' operator()', 'x.cpp:3 a<b (c)>::operator()', ' libc.so.6']);
  await page.screenshot({ path: resolve(out, 'block.png') });

  await page.keyboard.press('Home');
  await page.locator('#search').fill('audit');
  assert.match(await text(page, '#matches'), /^2 matches$/);
  await page.screenshot({ path: resolve(out, 'search.png') });
  await page.locator('#search').press('Enter');
  assert.match(await text(page, '#details'), /audit/);
  await page.locator('#search').press('Escape');
  assert.equal(await text(page, '#matches'), '');

  const seen = () => page.evaluate(() => [state.from, state.to]);
  await page.keyboard.press('0');
  const whole = await seen();
  await page.keyboard.press('w');
  const zoomed = await seen();
  assert.ok(zoomed[1] - zoomed[0] < (whole[1] - whole[0]) * 0.75, 'w zooms in');
  await page.keyboard.press('d');
  assert.ok((await seen())[0] > zoomed[0], 'd moves on');
  const box = await page.locator('#chart').boundingBox();
  await page.mouse.move(box.x + 300, box.y + 400);
  await page.mouse.down();
  await page.mouse.move(box.x + 500, box.y + 400, { steps: 4 });
  await page.mouse.up();
  assert.ok((await seen())[0] < zoomed[0] + 1e6, 'dragging moves back');
  await page.keyboard.press('0');
  const stall = await page.evaluate(() => {
    const { strip, i } = state.troubles.find(({ strip: s, i: at }) => s.trace.captions[s.row.caption[at]].name === 'read');
    return { x: ((strip.row.begin[i] + strip.row.end[i]) / 2 - state.from) / (state.to - state.from) * chart.clientWidth, y: strip.y - state.scroll + 6 };
  });
  await page.mouse.move(box.x + stall.x, box.y + stall.y);
  assert.ok(await page.locator('#tip').isVisible());
  assert.match(await text(page, '#tip'), /read[\s\S]*a call that blocks[\s\S]*server \(loop\)[\s\S]*6 ms/);
  await page.screenshot({ path: resolve(out, 'hover.png') });
  await page.mouse.wheel(0, -400);
  await page.keyboard.press('?');
  assert.ok(await page.locator('#keys').isVisible());
  await page.keyboard.press('Escape');
  assert.deepEqual(complaints, []);
  await page.close();
}
{
  const { page, complaints } = await open(small, { colorScheme: 'dark' });
  const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  assert.equal(ground, 'rgb(20, 23, 28)');
  await page.screenshot({ path: resolve(out, 'dark.png') });
  // On a narrow window the details and the list are below the chart.
  await page.setViewportSize({ width: 800, height: 700 });
  await page.keyboard.press('n');
  assert.ok((await page.locator('#details').boundingBox()).y > (await page.locator('#chart').boundingBox()).y + 200);
  const details = await page.locator('#details').boundingBox();
  assert.ok(details.width > 300 && details.y < 560 && details.y + details.height <= 701, JSON.stringify(details));
  assert.ok(await page.locator('#troubles button').first().isVisible());
  await page.screenshot({ path: resolve(out, 'narrow.png') });
  assert.deepEqual(complaints, []);
  await page.close();
}
{
  // 50 short threads share a lane with three rows, 20 without anything one without rows, five pool-N one; the loop and
  // the two that live long have their own.
  const { page, complaints } = await open(make('crowd', 'crowd'));
  const lanes = () => page.locator('.lane').evaluateAll((all) => all.map((lane) => lane.innerText.replace(/\s+/g, ' ').trim()));
  assert.equal((await lanes()).length, 6, String(await lanes()));
  assert.ok((await lanes()).some((lane) => /job ?50 threads, 3 at once/.test(lane)), String(await lanes()));
  assert.ok((await lanes()).some((lane) => /job ?20 threads, nothing recorded/.test(lane)), String(await lanes()));
  assert.ok((await lanes()).some((lane) => /pool-… ?5 threads/.test(lane)), String(await lanes()));
  assert.match(await text(page, '#summary'), /78 threads/);
  const opened = await page.evaluate(() => [state.from, state.to]);
  assert.ok(opened[0] > 5e8 && opened[0] < 7.8e8 && opened[1] >= 9e8, String(opened)); // around the stall, from 780 to 900 ms
  await page.keyboard.press('0');
  await page.screenshot({ path: resolve(out, 'crowd.png') });
  // A span tells which of the threads it is of; the lane can be taken apart and put together.
  assert.equal(await page.evaluate(() => new Set(state.strips.filter((s) => s.lane.threads?.length === 50).flatMap((s) => [...s.row.object])).size), 50);
  await page.locator('.lane', { hasText: '50 threads' }).locator('.fold').click();
  assert.equal((await lanes()).length, 55);
  await page.screenshot({ path: resolve(out, 'crowd-open.png') });
  await page.locator('.lane .fold').first().click();
  assert.equal((await lanes()).length, 6);
  assert.deepEqual(complaints, []);
  await page.close();
}
{
  const large = make('large', '1000000');
  const { page, complaints, took } = await open(large);
  const frame = await page.evaluate(() => {
    const start = performance.now();
    drawing.draw();
    return performance.now() - start;
  });
  console.log(`a million events: ${(statSync(large).size / 1e6).toFixed(1)} MB, open after ${took} ms, a frame ${frame.toFixed(1)} ms`);
  assert.equal(await page.locator('.lane').count(), 9);
  assert.match(await text(page, '#summary'), /250,000 tasks · 1,000,000 events/);
  assert.ok(await painted(page) > 20000);
  assert.ok(took < 30000, `open after ${took} ms`);
  await page.screenshot({ path: resolve(out, 'large.png') });
  assert.deepEqual(complaints, []);
  await page.close();
}
await browser.close();
