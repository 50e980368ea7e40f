import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock, systemRandom } from '@picket/base/adapters/system';
import { compileCheck } from '@picket/checks/compile-check';
import { linkWorkflow, type Workflow } from '@picket/checks/workflow/link-workflow';
import { profiles } from '@picket/plan/profile';
import { afterEach, describe, expect, test } from 'vitest';
import { nodeSockets } from '../../adapters/node-sockets.ts';
import type { CheckPayload, ServiceEvent } from '../../run/stages.ts';
import { createRunChecks } from '../run-checks.ts';
import { runSingleCheck } from '../run-single.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A web server that answers by path, and what it was asked. */
async function web(answer: (path: string, cookie: string) => { body?: string; cookie?: string } | null) {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    seen.push(path);
    const reply = answer(path, request.headers.cookie ?? '');
    response.writeHead(reply === null ? 404 : 200, reply?.cookie ? { 'set-cookie': reply.cookie } : {});
    response.end(reply?.body ?? '');
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, seen };
}

const head = (id: string) => `id: ${id}\ninfo:\n  name: ${id}\n  severity: high\n  tags: ${id}-tag\n`;
const page = (path: string, word: string) =>
  `http:\n  - path: ["{{BaseURL}}${path}"]\n    matchers:\n      - type: word\n        name: said-${word}\n        words: ["${word}"]\n`;
const takes =
  '    extractors:\n      - type: regex\n        name: token\n        group: 1\n        regex: ["token=([a-z0-9/.:{}]+)"]\n';

function pack(files: Readonly<Record<string, string>>) {
  const checks = new Map(
    Object.entries(files).map(([path, source]) => {
      const compiled = compileCheck(source);
      if (!compiled.ok) throw new Error(JSON.stringify(compiled.error));
      return [path, compiled.value] as const;
    }),
  );
  const load = (path: string) => checks.get(path) ?? [{ message: 'missing' }];
  return { checks: [...checks.values()], paths: [...checks.keys()], load };
}

function workflow(steps: string, of: ReturnType<typeof pack>): Workflow {
  const compiled = compileCheck(`id: flow\ninfo:\n  name: flow\nworkflows:\n${steps}`);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.error));
  const linked = linkWorkflow(compiled.value, 'flow.yaml', of);
  if (!('steps' in linked)) throw new Error(JSON.stringify(linked));
  return linked;
}

async function runAlone(steps: string, files: Readonly<Record<string, string>>, port: number, intrusive = false) {
  const linked = workflow(steps, pack(files));
  const result = await runSingleCheck(
    {
      check: linked.check,
      workflow: linked,
      endpoint: { address: '127.0.0.1', name: null, port, tls: false },
      protocol: 'tcp',
      intrusive,
      profile: profiles.lab,
      signal: new AbortController().signal,
    },
    { sockets: nodeSockets(), clock: systemClock, random: systemRandom, localAllowList: null },
  );
  if (result.kind === 'found') return result.findings.map(({ check }) => check);
  return result.kind === 'passed' ? 'passed' : `${result.failure.reason} ${result.failure.detail}`;
}

const first = head('first') + page('/', 'hello');
const then = '  - template: first.yaml\n    subtemplates:\n      - template: second.yaml\n';

describe('a workflow', () => {
  test('goes on only after a match, and names the part that found something', async () => {
    const files = { 'first.yaml': first, 'second.yaml': head('second') + page('/more', 'more') };
    const good = await web((path) => ({ body: path === '/' ? 'hello' : 'more' }));
    expect(await runAlone(then, files, good.port)).toEqual(['second']);
    const bad = await web(() => ({ body: 'bye' }));
    expect(await runAlone(then, files, bad.port)).toBe('passed');
    expect(bad.seen).toEqual(['/']);
  });

  test.each([
    ['one of the names', 'or', ['second']],
    ['all of the names', 'and', 'passed'],
  ])('goes on by %s of matchers and extractors', async (_what, condition, expected) => {
    const files = { 'first.yaml': first, 'second.yaml': head('second') + page('/more', 'more') };
    const server = await web((path) => ({ body: path === '/' ? 'hello' : 'more' }));
    const steps = `  - template: first.yaml\n    matchers:\n      - name: [said-hello, other]\n        condition: ${condition}\n        subtemplates:\n          - tags: second-tag\n`;
    expect(await runAlone(steps, files, server.port)).toEqual(expected);
  });

  test('hands on values and cookies, to this host alone and never as an expression', async () => {
    const files = {
      'first.yaml': first + takes,
      'second.yaml': head('second') + page('/{{token}}', 'more'),
    };
    const server = await web((path, cookie) =>
      path === '/'
        ? { body: 'hello token={{md5}}', cookie: 'session=7' }
        : { body: path === '/{{md5}}' && cookie === 'session=7' ? 'more' : 'no' },
    );
    expect(await runAlone(then, files, server.port)).toEqual(['second']);
    const asks =
      'http:\n  - raw:\n      - "GET / HTTP/1.1\\nHost: {{token}}\\n\\n"\n    matchers:\n      - type: word\n        words: [hello]\n';
    const elsewhere = await web(() => ({ body: 'hello token=203.0.113.9:80' }));
    const named = {
      'first.yaml': first + takes.replace('name: token', 'name: Host'),
      'second.yaml': head('second') + page('/{{Host}}', 'hello'),
    };
    expect(await runAlone(then, named, elsewhere.port)).toEqual(['second']);
    expect(elsewhere.seen).toEqual(['/', '/127.0.0.1']);
    const foreign = { 'first.yaml': first + takes, 'second.yaml': head('second') + asks };
    await runAlone(then, foreign, elsewhere.port);
    expect(elsewhere.seen).toHaveLength(4);
  });

  test('leaves out a part that is not safe, and says so, unless it is allowed', async () => {
    const files = {
      'first.yaml': first,
      'second.yaml': (head('second') + page('/more', 'more')).replace('- path', '- method: PUT\n    path'),
    };
    const server = await web((path) => ({ body: path === '/' ? 'hello' : 'more' }));
    expect(await runAlone(then, files, server.port)).toBe('check-not-allowed second: uses PUT');
    expect(server.seen).toEqual(['/']);
    expect(await runAlone(then, files, server.port, true)).toEqual(['second']);
  });

  test('has passed only if every part could be judged', async () => {
    const files = { 'first.yaml': first, 'second.yaml': head('second') + page('/{{nobody}}', 'more') };
    const server = await web(() => ({ body: 'hello' }));
    expect(await runAlone(then, files, server.port)).toContain('check-unsupported second:');
  });
});

describe('a workflow in a scan', () => {
  async function scan(steps: string, files: Readonly<Record<string, string>>, port: number): Promise<CheckPayload[]> {
    const of = pack(files);
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
      parallel: 4,
    };
    const run = createRunChecks({ version: '20261121.1', checks: of.checks, workflows: [workflow(steps, of)] });
    const events: CheckPayload[] = [];
    for await (const event of run({ address: '127.0.0.1', names: [], services: [service] }, tools)) events.push(event);
    return events;
  }

  test('asks nothing again that its parts asked on their own, and finds nothing twice', async () => {
    const files = { 'first.yaml': first, 'second.yaml': head('second') + page('/{{randstr}}', 'hello') };
    const server = await web(() => ({ body: 'hello' }));
    const events = await scan(then, files, server.port);
    expect(events.flatMap((event) => (event.type === 'finding' ? [event.check] : [])).sort()).toEqual([
      'first',
      'second',
    ]);
    expect(server.seen).toHaveLength(2);
    expect(events.at(-1)).toMatchObject({ type: 'checked', passed: [], notEvaluable: [] });
  });

  test('asks again what an earlier part gives a value to, and tells how that and the whole ended', async () => {
    const files = { 'first.yaml': first + takes, 'second.yaml': head('second') + page('/{{token}}', 'more') };
    const server = await web((path) => ({ body: path === '/' ? 'hello token=abc' : path === '/abc' ? 'more' : '' }));
    const events = await scan(then, files, server.port);
    expect(events.flatMap((event) => (event.type === 'finding' ? [event.check] : [])).sort()).toEqual([
      'first',
      'second',
    ]);
    expect(events.at(-1)).toMatchObject({ passed: [], notEvaluable: [] });
    const fixed = await web((path) => ({ body: path === '/' ? 'hello token=abc' : 'less' }));
    expect((await scan(then, files, fixed.port)).at(-1)).toMatchObject({
      passed: ['second', 'flow'],
      notEvaluable: [],
    });
  });
});
