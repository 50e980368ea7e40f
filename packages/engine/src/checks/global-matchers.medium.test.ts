import { createServer } from 'node:http';
import { systemClock, systemRandom } from '@picket/base/adapters/system';
import { compileCheck } from '@picket/checks/compile-check';
import { expect, onTestFinished, test } from 'vitest';
import { nodeSockets } from '../adapters/node-sockets.ts';
import type { CheckPayload, ServiceEvent } from '../run/stages.ts';
import { createRunChecks } from './run-checks.ts';

const template = (id: string, http: string) => `id: ${id}\ninfo:\n  name: ${id}\n  severity: low\nhttp:\n${http}`;
const asks = (id: string, path: string) =>
  template(id, `  - path: ["{{BaseURL}}${path}"]\n    matchers:\n      - type: word\n        words: ["never there"]\n`);
const looks = (word: string) =>
  template('looks', `  - global-matchers: true\n    matchers:\n      - type: word\n        words: ["${word}"]\n`);

/** Scans a server whose every page holds its own path; `/leak` holds a key too. */
async function scan(sources: readonly string[]): Promise<{ events: CheckPayload[]; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer(({ url = '' }, response) => {
    asked.push(url);
    response.end(url.startsWith('/leak') ? 'key-1234' : url.startsWith('/same') ? 'same page' : `at ${url}`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const checks = sources.map((source) => {
    const compiled = compileCheck(source);
    if (!compiled.ok) throw new Error(JSON.stringify(compiled.error));
    return compiled.value;
  });
  const service: ServiceEvent = {
    type: 'service',
    unit: { phase: 'checks', subject: '127.0.0.1' },
    time: new Date(0).toISOString(),
    address: '127.0.0.1',
    protocol: 'tcp',
    port,
    service: 'http',
    cpes: [],
    confidence: 1,
    method: 'probe',
  };
  const { signal } = new AbortController();
  const tools = {
    dialer: nodeSockets(),
    clock: systemClock,
    random: systemRandom,
    signal,
    intrusive: false,
    parallel: 2,
  };
  const events: CheckPayload[] = [];
  const run = createRunChecks({ version: '1', checks });
  for await (const event of run({ address: '127.0.0.1', names: [], services: [service] }, tools)) events.push(event);
  return { events, asked };
}

test('finds in the answers to all other templates, wherever it stands among them, and asks nothing', async () => {
  const { events, asked } = await scan([looks('key-1234'), asks('first', '/a'), asks('second', '/leak')]);
  expect(asked.toSorted()).toEqual(['/a', '/leak']);
  const found = events.filter((event) => event.type === 'finding');
  expect(found).toMatchObject([
    { check: 'looks', instance: '/leak', evidence: { response: expect.stringContaining('key-1234') } },
  ]);
  expect(found[0]).toMatchObject({ evidence: { request: expect.stringContaining('GET /leak HTTP/1.1') } });
  expect(events.at(-1)).toMatchObject({ type: 'checked', passed: expect.arrayContaining(['first', 'second']) });
});

test('has not passed where it found nothing', async () => {
  const { events } = await scan([looks('key-12345'), asks('second', '/leak')]);
  expect(events).toMatchObject([
    { type: 'checked', passed: ['second'], notEvaluable: [{ check: 'looks', reason: 'check-unsupported' }] },
  ]);
});

test('looks at equal answers once', async () => {
  const { events, asked } = await scan([looks('same page'), asks('first', '/same1'), asks('second', '/same2')]);
  expect(asked).toHaveLength(2);
  expect(events.filter((event) => event.type === 'finding')).toHaveLength(1);
});

test.each([
  ['requests of its own', looks('x').replace('    matchers', '    path: ["/"]\n    matchers')],
  ['payloads', looks('x').replace('    matchers', '    payloads:\n      a: [b]\n    matchers')],
  ['other blocks', looks('x') + asks('x', '/').split('http:\n')[1]],
  ['a flow', `flow: http(1)\n${looks('x')}`],
  ['nothing to look for', template('looks', '  - global-matchers: true\n')],
])('does not compile with %s', (_what, source) => {
  expect(compileCheck(source)).toMatchObject({ ok: false, error: { problems: [{ what: 'global-matchers' }] } });
});
