import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { harvest, temporaryFolder, until } from '../testing/appliance-bench.ts';
import { ConsoleTerminal } from '../testing/console-terminal.ts';
import { HelperStandIn } from '../testing/helper-stand-in.ts';
import { PlatformStandIn } from '../testing/platform-stand-in.ts';

const daemonMain = fileURLToPath(new URL('../daemon/main.ts', import.meta.url));
const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function stage() {
  const stand = await PlatformStandIn.start();
  cleanUps.push(() => stand.stop());
  const folder = await temporaryFolder();
  cleanUps.push(folder.remove);
  return { stand, state: folder.path };
}

/** The daemon as it is delivered, and a console at its socket. */
function run(state: string, args: readonly string[], options: { mayBeBlank?: boolean } = {}) {
  const child: ChildProcess = spawn(process.execPath, [daemonMain, '--state', state, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString('utf8');
  });
  const exit = new Promise((resolve) => child.once('exit', resolve));
  const terminal = new ConsoleTerminal(state, options);
  cleanUps.push(async () => {
    terminal.close();
    child.kill('SIGKILL');
    await exit;
  });
  return { terminal, stderr: () => stderr, child };
}

async function withHelper(state: string) {
  const path = join(state, '..', `${state.split('/').at(-1)}.helper.sock`);
  const helper = await HelperStandIn.start(path);
  cleanUps.push(() => helper.stop());
  return { helper, args: ['--network-socket', path] };
}

describe('a console at a running appliance', () => {
  it('sets the platform with its fingerprint, shows the activation code, and then NAME–IP and a healthy way', async () => {
    const { stand, state } = await stage();
    const { terminal, stderr } = run(state, ['--await-platform']);
    await terminal.sees('NO PLATFORM YET');
    await terminal.press('enter');
    await terminal.sees('PLATFORM HOST');
    terminal.type('127.0.0.1');
    await terminal.press('enter');
    terminal.type(String(stand.port).padEnd(5));
    await terminal.press('enter', 'enter');
    await terminal.sees(stand.ca.sha256.slice(0, 16));
    expect(terminal.text).toContain(stand.ca.sha256.slice(16, 32));
    await terminal.press('down');
    await terminal.sees(stand.ca.sha256.slice(32, 48));
    await terminal.press('down');
    await terminal.sees('REALLY TRUST THIS PLATFORM?');
    await terminal.press('enter');
    await terminal.sees('ACTIVATION CODE');
    stand.activated = true;
    await terminal.press('enter');
    await terminal.sees(/Platform https:\/\/127\.0\.0\.1/);
    await until('ready', () => /State {4}ready/.test(terminal.text), 30_000);
    await terminal.press('enter', 'down', 'down', 'down', 'enter');
    await terminal.sees(/6 PLATFORM TLS +ok/);
    expect(stderr()).not.toContain('"level":"error"');
  });

  it('reads only where no network helper is configured, and says why', async () => {
    const { stand, state } = await stage();
    stand.activated = true;
    const { terminal } = run(state, ['--enrolment', stand.enrolment]);
    await until('ready', () => /State {4}ready/.test(terminal.text), 30_000);
    await terminal.press('enter', 'enter', 'enter');
    await terminal.sees('READ-ONLY HERE');
    expect(terminal.text).toContain('No network helper is configured');
    await terminal.press('enter', 'up', 'down', 'enter');
    await terminal.sees('READ-ONLY HERE');
    terminal.type('\u0003');
    expect(terminal.interrupted).toBe(true);
  });

  it('hands a confirmed change to the network helper, cancels the running scan first, and shows the outcome', async () => {
    const { stand, state } = await stage();
    stand.activated = true;
    const { helper, args } = await withHelper(state);
    const { terminal, stderr } = run(state, ['--enrolment', stand.enrolment, ...args]);
    await until('ready', () => /State {4}ready/.test(terminal.text), 30_000);
    stand.grant({ blocks: ['127.0.0.1-127.0.0.200'], ports: { tcp: '1-1000', udp: '' }, profile: slow });
    await terminal.sees(/S1 \[\*\]/);
    await terminal.press('enter', 'enter');
    await terminal.sees('ENABLE DHCP ON LAN');
    await terminal.press('enter', 'enter');
    await terminal.sees('CANCELING THE ONGOING SCAN');
    await until('applied', () => helper.requests.length > 0, 30_000);
    expect(helper.requests).toMatchObject([{ type: 'apply', settings: { chosen: { dhcp: true, vlan: false } } }]);
    await until('ready again', () => /State {4}ready/.test(terminal.text), 30_000);
    await until('slice', () => harvest(stand).outcomes.length === 1, 30_000);
    expect(harvest(stand).outcomes).toEqual(['stopped']);
    await terminal.sees(/S1 \[ \]/);
    expect(stderr()).toContain('"request":"apply"');
    await terminal.press('enter', 'enter');
    await terminal.sees('RENEW DHCP ON LAN');
    await terminal.press('enter', 'enter');
    await until('renewed', () => helper.requests.length === 2, 30_000);
    expect(helper.requests[1]).toMatchObject({ type: 'renew', port: 'lan' });
  });

  it('never sees or logs the proxy password: a stored one is kept by its name only', async () => {
    const { stand, state } = await stage();
    stand.activated = true;
    const { helper, args } = await withHelper(state);
    const { terminal, stderr } = run(state, ['--enrolment', stand.enrolment, ...args]);
    await until('ready', () => /State {4}ready/.test(terminal.text), 30_000);
    await terminal.press('enter', 'enter', 'down', 'down', 'down', 'down', 'enter', 'enter');
    await terminal.sees('PROXY HOST');
    terminal.type('\u0015proxy.invalid\r');
    terminal.type('3128\r');
    terminal.type('CORP\\bob\r');
    terminal.type('canary-Pa55\r');
    await terminal.sees('REALLY ENABLE PROXY?');
    await terminal.press('enter');
    await until('applied', () => helper.requests.length === 1, 30_000);
    const proxy = { host: 'proxy.invalid', port: 3128, user: 'CORP\\bob' };
    expect(helper.requests[0]).toMatchObject({ settings: { proxy: { ...proxy, password: 'canary-Pa55' } } });
    helper.settings = { ...(helper.settings as object), proxy: { ...proxy, password: { stored: true } } };
    await terminal.sees(/Proxy {4}proxy\.invalid:3128/);
    await until('ready again', () => /State {4}ready/.test(terminal.text), 30_000);
    await terminal.press('enter', 'enter', 'down', 'down', 'down', 'down', 'enter', 'enter', 'enter', 'enter', 'enter');
    await terminal.sees('PROXY PASSW ********');
    await terminal.press('enter', 'enter');
    await until('applied again', () => helper.requests.length === 2, 30_000);
    expect(helper.requests[1]).toMatchObject({ settings: { proxy: { ...proxy, password: { stored: true } } } });
    expect(terminal.bytes).not.toContain('canary');
    expect(stderr()).not.toContain('canary');
  });

  it('says what the helper refuses, and finds a daemon again that was started anew', async () => {
    const { stand, state } = await stage();
    stand.activated = true;
    const { helper, args } = await withHelper(state);
    const first = run(state, ['--enrolment', stand.enrolment, ...args]);
    await until('ready', () => /State {4}ready/.test(first.terminal.text), 30_000);
    helper.refuses = 'The disk is full.';
    await first.terminal.press('enter', 'down', 'down', 'enter', 'enter');
    await first.terminal.sees('REFUSED');
    expect(first.terminal.text).toContain('The disk is full.');
    await first.terminal.press('enter');
    first.child.kill('SIGKILL');
    await first.terminal.sees('NO ANSWER FROM');
    run(state, args);
    await until('found again', () => /State {4}ready/.test(first.terminal.text), 30_000);
  });

  it('tells the platform afterwards what kept it from there, with the E-code, over a kill and until the end of it is told', async () => {
    const { stand, state } = await stage();
    stand.activated = true;
    const first = run(state, ['--enrolment', stand.enrolment]);
    await until('ready', () => /State {4}ready/.test(first.terminal.text), 30_000);
    first.child.kill('SIGKILL');
    const port = await stand.disconnect();
    stand.polls.length = 0;
    const file = join(state, 'network-errors.json');
    const kept = () => (existsSync(file) ? readFileSync(file, 'utf8') : '');
    const second = run(state, []);
    await until('network error', () => second.stderr().includes('"event":"network.error"'), 30_000);
    // What was not on the disk yet when it is killed is rightly lost.
    await until('kept', () => kept().includes('PK con timeout'), 30_000);
    second.child.kill('SIGKILL');
    await until('killed', () => second.child.signalCode !== null, 30_000);
    run(state, []);
    await stand.reconnect(port);
    const told = () => stand.polls.flatMap(({ networkErrors }) => networkErrors ?? []);
    await until('its end is told', () => told().some(({ clearedAt }) => clearedAt !== null), 60_000);
    expect(told()[0]).toMatchObject({ code: '06', description: 'PK con timeout', eCode: 'E06' });
    // Once an answer has said that it arrived, it is not told again.
    stand.release();
    await until('nothing more', () => stand.polls.at(-1)?.networkErrors === undefined, 60_000);
    expect(stand.polls.at(-1)?.settings).toEqual({ name: 'is_test', pollIntervalSeconds: 60 });
  }, 120_000);

  it('comes up on a serial terminal that shows nothing with ENTER, names the MAC address, and does no more', async () => {
    const { state } = await stage();
    const { terminal } = run(state, ['--await-platform'], { mayBeBlank: true });
    await terminal.sees('NO PLATFORM YET');
    terminal.bytes = '';
    terminal.type('\r');
    expect(terminal.bytes).toContain('\u001b[2J');
    expect(terminal.bytes).toMatch(/([0-9a-f]{2}:){5}[0-9a-f]{2}|MAC unknown/);
    await terminal.sees('NO PLATFORM YET');
    await terminal.press('enter');
    await terminal.sees('PLATFORM HOST');
  });
});

const slow = {
  name: 'normal' as const,
  packetsPerSecond: 200,
  packetsPerSecondPerHost: 200,
  hostsAtOnce: 4,
  connectionsPerHost: 8,
  checksPerHost: 1,
  connectTimeoutMs: 500,
  retries: 0,
};
