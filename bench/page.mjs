// What people see of the page, in Debian's Chromium: node bench/page.mjs URL [QUERY…]
// First paint; from the last key of a query to its first rows (typed into the box, over everything that is stored); frames while scrolling.
// Takes the package `ws` from web/node_modules.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const WebSocket = createRequire(new URL('../web/package.json', import.meta.url))('ws');
const [url, ...queries] = process.argv.slice(2);
const profile = mkdtempSync(join(tmpdir(), 'puppylog-page-'));
const browser = spawn('/usr/bin/chromium', ['--headless=new', '--no-sandbox', '--disable-gpu', '--window-size=1400,900', '--remote-debugging-port=0', `--user-data-dir=${profile}`, 'about:blank'], { stdio: ['ignore', 'ignore', 'pipe'] });
const endpoint = await new Promise((resolve) => {
  let said = '';
  browser.stderr.on('data', (data) => {
    said += data;
    const found = /DevTools listening on (ws:\S+)/.exec(said);
    if (found) resolve(found[1]);
  });
});
const { host } = new URL(endpoint);

/** A page of its own, as a tab that was never used. */
async function open() {
  const target = await (await fetch(`http://${host}/json/new?about:blank`, { method: 'PUT' })).json();
  const socket = new WebSocket(target.webSocketDebuggerUrl);
  await new Promise((resolve) => socket.on('open', resolve));
  const waiting = new Map();
  let last = 0;
  socket.on('message', (data) => {
    const { id, result, error } = JSON.parse(data);
    waiting.get(id)?.(result ?? error);
    waiting.delete(id);
  });
  const call = (method, params = {}) => new Promise((resolve) => {
    waiting.set(++last, resolve);
    socket.send(JSON.stringify({ id: last, method, params }));
  });
  const run = async (expression) => {
    const { result, exceptionDetails } = await call('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  };
  return { call, run, close: () => fetch(`http://${host}/json/close/${target.id}`) };
}

const until = (condition) => `new Promise((resolve) => { const look = () => (${condition}) ? resolve(Math.round(performance.now())) : setTimeout(look, 5); look(); })`;
const shows = `document.querySelector('.strip b') && !document.querySelector('.strip .busy')`;

const paints = [];
for (let i = 0; i < 5; i++) {
  const page = await open();
  await page.call('Page.enable');
  await page.call('Network.enable');
  await page.call('Network.setCacheDisabled', { cacheDisabled: true });
  await page.call('Page.navigate', { url: `${url}/search` });
  const rows = await page.run(until(shows));
  paints.push(await page.run(`JSON.stringify({ ...Object.fromEntries(performance.getEntriesByType('paint').map((paint) => [paint.name, Math.round(paint.startTime)])), rows: ${rows} })`));
  await page.close();
}

console.log('ms from the navigation:', paints.join(' '));

const page = await open();
await page.call('Page.navigate', { url: `${url}/search` });
await page.run(until(shows));
for (const query of queries) {
  const taken = [];
  for (let i = 0; i < 5; i++) {
    await page.run(`document.querySelector('textarea').focus(); document.querySelector('textarea').select()`);
    await page.call('Input.insertText', { text: '*' });
    await page.run(until(`document.querySelector('textarea').value === '*' && ${shows}`));
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await page.run(`window.typed = new Promise((resolve) => {
      const box = document.querySelector('textarea');
      box.select();
      let last = 0, began = false;
      box.addEventListener('input', () => { last = performance.now(); });
      new MutationObserver((_, observer) => {
        const busy = document.querySelector('.strip .busy');
        began ||= busy !== null;
        if (began && !busy) {
          observer.disconnect();
          requestAnimationFrame(() => setTimeout(() => resolve(Math.round(performance.now() - last)), 0));
        }
      }).observe(document.querySelector('.search'), { childList: true, subtree: true });
    }), 0`);
    for (const key of query) await page.call('Input.insertText', { text: key });
    taken.push(await page.run('window.typed'));
  }

  const status = await page.run(until(`!/Counting/.test(document.body.innerText) && ${shows}`).replace('Math.round(performance.now())', `document.querySelector('.strip p').innerText`));
  console.log(`${query}: ${taken.join(', ')} ms from the last key to the rows (${status})`);
}

console.log('kB that came:', await page.run(`Math.round(performance.getEntriesByType('resource').filter((file) => /assets/.test(file.name)).concat(performance.getEntriesByType('navigation')).reduce((sum, file) => sum + file.encodedBodySize, 0) / 1000)`));
browser.kill();
rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
process.exit(0);
