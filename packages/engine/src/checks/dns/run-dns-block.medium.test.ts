import { systemClock, systemRandom } from '@picket/base/adapters/system';
import { compileCheck } from '@picket/checks/compile-check';
import { expect, onTestFinished, test } from 'vitest';
import { nodeDnsPort } from '../../adapters/node-dns-port.ts';
import { nodeSockets } from '../../adapters/node-sockets.ts';
import type { CheckPayload } from '../../run/stages.ts';
import { type NameAnswers, nameServer, wireName } from '../../testing/name-server.ts';
import { createRunChecks } from '../run-checks.ts';
import { defaultCheckLimits } from '../check-session.ts';

const records = { a: 1, cname: 5, ptr: 12, txt: 16 };

async function scan(body: string, names: readonly string[], answers: NameAnswers | null) {
  const compiled = compileCheck(`id: asked\ninfo:\n  name: Asked\n  severity: info\n${body}`);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.error));
  const server = answers === null ? null : await nameServer(answers);
  onTestFinished(() => server?.close());
  const dns = server === null ? null : nodeDnsPort({ servers: [server.at], timeoutMs: 300 });
  const run = createRunChecks({ version: 'test', checks: [compiled.value] }, defaultCheckLimits, { dns });
  const signal = new AbortController().signal;
  const tools = {
    dialer: nodeSockets(),
    clock: systemClock,
    random: systemRandom,
    signal,
    intrusive: false,
    parallel: 2,
  };
  const events: CheckPayload[] = [];
  for await (const event of run({ address: '127.0.0.1', names, services: [] }, tools)) events.push(event);
  return { events, asked: server?.asked ?? [] };
}

const cname = `dns:\n  - name: "{{FQDN}}"\n    type: CNAME\n    matchers:\n      - type: regex\n        part: answer\n        regex: ["IN\\\\tCNAME\\\\t(.+)$"]\n    extractors:\n      - type: dsl\n        dsl: [cname, rcode]\n`;

test('asks the configured resolver once for each name of the host', async () => {
  const { events, asked } = await scan(cname, ['a.example.test', 'b.example.test', '192.0.2.1'], (name) =>
    name.startsWith('a.') ? [wireName('gone.example.test')] : [],
  );
  expect(asked).toEqual(['a.example.test 5', 'b.example.test 5']);
  const found = events.filter((event) => event.type === 'finding');
  expect(found).toHaveLength(1);
  expect(found[0]).toMatchObject({ instance: 'a.example.test', evidence: { extracted: ['gone.example.test', '0'] } });
  expect(found[0]).not.toHaveProperty('port');
  expect(events.filter((event) => event.type === 'checked')).toMatchObject([{ passed: [], notEvaluable: [] }]);
});

test.each<[string, readonly string[], NameAnswers | null, string]>([
  ['a host without a name', [], () => [], 'check-unsupported'],
  ['a silent resolver', ['a.example.test'], () => null, 'timeout'],
  ['a scan that asks no resolver', ['a.example.test'], null, 'check-not-allowed'],
])('%s cannot be judged', async (_what, names, answers, reason) => {
  const { events } = await scan(cname, names, answers);
  expect(events).toMatchObject([{ type: 'checked', passed: [], notEvaluable: [{ check: 'asked', reason }] }]);
});

test('runs through payloads and takes what is asked of other name servers for out of scope', async () => {
  const words = `dns:\n  - name: "{{word}}.{{FQDN}}"\n    type: A\n    payloads:\n      word: [one, two]\n    matchers:\n      - type: word\n        words: ["IN\\tA"]\n`;
  const { events, asked } = await scan(words, ['example.test'], (name) =>
    name.startsWith('two') ? [Uint8Array.of(192, 0, 2, 2)] : [],
  );
  expect(asked).toEqual(['one.example.test 1', 'two.example.test 1']);
  expect(events).toMatchObject([{ type: 'finding', instance: 'two.example.test two' }, { type: 'checked' }]);
  const elsewhere = cname.replace('type: CNAME', 'type: CNAME\n    resolvers: ["192.0.2.53:53"]');
  const refused = await scan(elsewhere, ['example.test'], () => []);
  expect(refused.asked).toEqual([]);
  expect(refused.events).toMatchObject([{ notEvaluable: [{ reason: 'scope-denied' }] }]);
});

test('answers of DNS feed requests of other kinds, and variables that wait for them', async () => {
  const mixed = `variables:\n  short: '{{trim_suffix(dns_cname, ".example.test")}}'\ndns:\n  - name: "{{FQDN}}"\n    type: CNAME\n  - name: "{{short}}.back.test"\n    type: TXT\n    matchers:\n      - type: dsl\n        dsl: ["dns_1_cname == 'gone.example.test' && contains(txt, 'spf')"]\n`;
  const { events, asked } = await scan(mixed, ['a.example.test'], (_name, type) =>
    type === records.txt ? [Uint8Array.from([4, 115, 112, 102, 49])] : [wireName('gone.example.test')],
  );
  expect(asked).toEqual(['a.example.test 5', 'gone.back.test 16']);
  expect(events[0]).toMatchObject({ type: 'finding' });
});

test('resolve() goes to the configured resolver too', async () => {
  const body = `dns:\n  - name: "{{FQDN}}"\n    type: TXT\n    matchers:\n      - type: dsl\n        dsl: ["resolve('other.test') == '192.0.2.9' && wait_for(0)"]\n`;
  const { events, asked } = await scan(body, ['a.example.test'], (_name, type) =>
    type === records.a ? [Uint8Array.of(192, 0, 2, 9)] : [Uint8Array.from([1, 120])],
  );
  expect(asked).toEqual(['a.example.test 16', 'other.test 1']);
  expect(events[0]).toMatchObject({ type: 'finding' });
});
