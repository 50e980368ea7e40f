import { systemClock, systemRandom } from '@picket/base/adapters/system';
import type { CompiledCheck } from '@picket/checks/check';
import type { ExampleServer } from '@picket/checks/check-example';
import { compileCheck } from '@picket/checks/compile-check';
import { engineEvent } from '@picket/contracts/event';
import { describe, expect, test } from 'vitest';
import { startExampleServer } from '../content-testing/example-server.ts';
import { nodeSockets } from '../adapters/node-sockets.ts';
import type { CheckPayload, ServiceEvent } from '../run/stages.ts';
import { createRunChecks } from './run-checks.ts';

function check(id: string, body: string): CompiledCheck {
  const compiled = compileCheck(`id: ${id}\ninfo:\n  name: ${id}\n  severity: low\n${body}`);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.error));
  return compiled.value;
}

const unit = { phase: 'checks' as const, subject: '127.0.0.1' };
const time = new Date(0).toISOString();

async function scan(
  checks: readonly CompiledCheck[],
  description: ExampleServer,
  more: Partial<ServiceEvent> = {},
): Promise<CheckPayload[]> {
  const server = await startExampleServer(description);
  const service: ServiceEvent = {
    type: 'service',
    unit,
    time,
    address: '127.0.0.1',
    protocol: 'tcp',
    port: server.port,
    service: 'http',
    cpes: [],
    confidence: 1,
    method: 'probe',
    ...more,
  };
  const tools = {
    dialer: nodeSockets(),
    clock: systemClock,
    random: systemRandom,
    signal: new AbortController().signal,
    intrusive: false,
    parallel: 4,
  };
  try {
    const run = createRunChecks({ version: '20261121.1', checks });
    const events: CheckPayload[] = [];
    for await (const event of run({ address: '127.0.0.1', names: [], services: [service] }, tools)) events.push(event);
    return events;
  } finally {
    await server.close();
  }
}

const page = (path: string, word: string) =>
  `http:\n  - path: ["{{BaseURL}}${path}"]\n    matchers:\n      - type: word\n        words: ["${word}"]\n`;

describe('running the checks of a host', () => {
  test('tells findings, passed and not allowed checks as valid events', async () => {
    const checks = [
      check('found', page('/', 'hello')),
      check('passed', page('/', 'absent')),
      check('changing', page('/', 'hello').replace('- path', '- method: PUT\n    path')),
    ];
    const events = await scan(checks, { protocol: 'http', routes: [{ body: 'hello' }] });
    for (const event of events) expect(engineEvent.safeParse({ ...event, unit, time }).success).toBe(true);
    const [first] = events.flatMap((event) => (event.type === 'finding' || event.type === 'checked' ? [event] : []));
    const checked = events.flatMap((event) => (event.type === 'checked' ? [event] : []));
    expect(first?.type).toBe('finding');
    expect(checked.flatMap(({ passed }) => passed)).toEqual(['passed']);
    expect(checked.flatMap(({ notEvaluable }) => notEvaluable).map((item) => [item.check, item.reason])).toEqual([
      ['changing', 'check-not-allowed'],
    ]);
  });

  test('does not evaluate what a target answers', async () => {
    const stolen = check(
      'stolen',
      'http:\n  - raw:\n      - |\n        GET / HTTP/1.1\n      - |\n        GET /{{token}} HTTP/1.1\n' +
        '    extractors:\n      - type: regex\n        name: token\n        internal: true\n        group: 1\n        regex: ["token=(\\\\S+)"]\n' +
        '    matchers:\n      - type: word\n        words: ["second"]\n',
    );
    const text = '{{md5("a")}}';
    const events = await scan([stolen], {
      protocol: 'http',
      routes: [{ path: '/', body: `token=${text}` }, { body: 'second' }],
    });
    const finding = events.find((event) => event.type === 'finding');
    expect(finding?.type === 'finding' && finding.evidence.request).toContain(`GET /${text} HTTP/1.1`);
  });

  test('says connection-failed, not passed, when nothing listens', async () => {
    const events = await scan([check('found', page('/', 'hello'))], { protocol: 'tcp', answers: [{ close: true }] });
    const checked = events.find((event) => event.type === 'checked');
    expect(checked?.type === 'checked' && checked.notEvaluable[0]?.reason).toBe('connection-failed');
  });

  test('asks a service that nobody knows what a template without a port asks', async () => {
    const ping = check(
      'ping',
      'network:\n  - host: ["{{Hostname}}"]\n    inputs:\n      - data: "PING\\r\\n"\n    read-size: 4\n    matchers:\n      - type: word\n        words: [PONG]\n',
    );
    const answers = [{ when: 'PING', send: 'PONG' }];
    const events = await scan([ping], { protocol: 'tcp', answers }, { service: 'unknown' });
    expect(events).toMatchObject([{ type: 'finding', check: 'ping' }, { type: 'checked' }]);
    expect(await scan([ping], { protocol: 'tcp', answers }, { service: 'ssh' })).toEqual([]);
  });

  test('masks secrets in the evidence', async () => {
    const events = await scan([check('found', page('/', 'DB_HOST'))], {
      protocol: 'http',
      routes: [{ body: 'DB_HOST=a\nDB_PASSWORD=hunter2canary\n' }],
    });
    expect(JSON.stringify(events)).not.toContain('hunter2canary');
    expect(JSON.stringify(events)).toContain('[masked]');
  });
});
