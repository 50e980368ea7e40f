import { createServer as createTcpServer } from 'node:net';
import { systemClock, systemRandom } from '@picket/base/adapters/system';
import { compileCheck } from '@picket/checks/compile-check';
import { engineEvent } from '@picket/contracts/event';
import { afterEach, expect, it } from 'vitest';
import { nodeSockets } from '../adapters/node-sockets.ts';
import { startExampleServer } from '../content-testing/example-server.ts';
import type { CheckPayload } from '../run/stages.ts';
import { createRunChecks } from './run-checks.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** A web server that counts who came. */
async function webServer(): Promise<number> {
  const server = await startExampleServer({ protocol: 'http', routes: [{ body: 'own place' }] });
  ends.push(() => server.close());
  return server.port;
}

/** Another host of this machine, that must stay alone. */
async function trap(): Promise<{ readonly port: number; readonly came: () => number }> {
  let came = 0;
  const server = createTcpServer((socket) => {
    came += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.2', resolve));
  ends.push(() => server.close());
  const address = server.address();
  return { port: typeof address === 'object' && address ? address.port : 0, came: () => came };
}

const check = (id: string, path: string) => {
  const source = `id: ${id}\ninfo:\n  name: ${id}\n  severity: low\nself-contained: true\nhttp:\n  - path: ["${path}"]\n    redirects: true\n    matchers:\n      - type: word\n        words: ["own place"]\n`;
  const compiled = compileCheck(source);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.error));
  return compiled.value;
};

async function scan(checks: readonly ReturnType<typeof check>[], names: readonly string[] = []) {
  const tools = {
    dialer: nodeSockets(),
    clock: systemClock,
    random: systemRandom,
    signal: new AbortController().signal,
    intrusive: false,
    parallel: 2,
  };
  const events: CheckPayload[] = [];
  const run = createRunChecks({ version: '1', checks });
  const unit = { unit: { phase: 'checks' as const, subject: '127.0.0.1' }, time: new Date(0).toISOString() };
  for (const turn of [1, 2])
    for await (const event of run({ address: '127.0.0.1', names, services: [] }, tools)) {
      expect(engineEvent.safeParse({ ...event, ...unit }).success).toBe(true);
      if (turn === 1 || event.type === 'note') events.push(event);
    }
  return events;
}

it('runs on the server that it names when that is the scanned host, found by address or by a known name', async () => {
  const port = await webServer();
  const checks = [check('by-address', `http://127.0.0.1:${port}/`), check('by-name', `http://app.corp.test:${port}/`)];
  const findings = (await scan(checks, ['app.corp.test'])).filter(({ type }) => type === 'finding');
  expect(findings).toMatchObject([{ check: 'by-address' }, { check: 'by-name' }]);
  expect(JSON.stringify(findings[1])).toContain(`Host: app.corp.test:${port}`);
});

it('never asks a server that is not scanned, and says so', async () => {
  const other = await trap();
  const checks = [
    check('elsewhere', `http://127.0.0.2:${other.port}/`),
    check('dynamic', `http://{{concat('127.0.0.', 2)}}:${other.port}/`),
    check('by-name', 'http://app.corp.test/'),
  ];
  const events = await scan(checks);
  expect(other.came()).toBe(0);
  expect(events).toMatchObject([
    { type: 'note', code: 'engine.checks-own-place', message: expect.stringContaining('3 self-contained checks') },
    { type: 'checked', passed: [], notEvaluable: [{ check: 'dynamic', reason: 'scope-denied' }] },
  ]);
  expect(JSON.stringify(events[1])).toContain('not run');
});

it('does not follow the named server elsewhere', async () => {
  const other = await trap();
  const server = await startExampleServer({
    protocol: 'http',
    routes: [{ status: 302, headers: { location: `http://127.0.0.2:${other.port}/` }, body: '' }],
  });
  ends.push(() => server.close());
  const events = await scan([check('led-away', `http://127.0.0.1:${server.port}/`)]);
  expect(other.came()).toBe(0);
  expect(events.filter(({ type }) => type === 'checked')).toMatchObject([{ passed: ['led-away'] }]);
});
