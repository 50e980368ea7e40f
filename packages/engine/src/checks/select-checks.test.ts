import { compileCheck } from '@picket/checks/compile-check';
import { describe, expect, it } from 'vitest';
import type { ServiceEvent } from '../run/stages.ts';
import { applies } from './select-checks.ts';

function check(body: string) {
  const compiled = compileCheck(`id: a\ninfo:\n  name: a\n  severity: low\n${body}`);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.error));
  return compiled.value;
}

const service = (more: Partial<ServiceEvent>): ServiceEvent => ({
  type: 'service',
  unit: { phase: 'services', subject: '10.0.0.1' },
  time: new Date(0).toISOString(),
  address: '10.0.0.1',
  protocol: 'tcp',
  port: 50_050,
  service: 'unknown',
  cpes: [],
  confidence: 1,
  method: 'probe',
  ...more,
});

it('takes a check that compares TLS fingerprints to whatever speaks TLS, on every port', () => {
  const jarm = check(
    'tcp:\n  - host: ["{{Hostname}}"]\n    matchers:\n      - type: dsl\n        dsl: ["jarm(Hostname) == \'00\'"]\n',
  );
  expect(jarm.services).toEqual(['tls']);
  expect(applies(jarm, service({ tunnel: 'tls' }))).toBe(true);
  expect(applies(jarm, service({ tunnel: 'tls', service: 'http' }))).toBe(true);
  expect(applies(jarm, service({}))).toBe(false);
  expect(applies(jarm, service({ tunnel: 'starttls', service: 'smtp' }))).toBe(false);
});

describe('a public template', () => {
  const word = '    matchers:\n      - type: word\n        words: [x]\n';
  const tcp = (lines: string, more = '') => check(`${more}tcp:\n  - host: ["{{Hostname}}"]\n${lines}${word}`);
  const script = (code: string, args = '') => check(`javascript:\n  - code: ${code}\n${args}${word}`);
  const tagged = (tags: string, lines = '') => {
    const compiled = compileCheck(
      `id: a\ninfo:\n  name: a\n  severity: low\n  tags: ${tags}\ntcp:\n  - host: ["{{Hostname}}"]\n${lines}${word}`,
    );
    if (!compiled.ok) throw new Error(JSON.stringify(compiled.error));
    return compiled.value;
  };
  const unknown = service({});
  const guessed = service({ method: 'port-number', service: 'redis', port: 6379 });
  const redis = service({ service: 'redis', port: 6380, product: 'Redis' });
  const web = service({ service: 'http', port: 8080, product: 'muhttpd' });

  it.each<[string, ReturnType<typeof check>, ServiceEvent[], ServiceEvent[]]>([
    [
      'that names ports runs on them when they are open, whatever speaks there',
      tcp('    port: 6380,8080\n'),
      [redis, web],
      [unknown, guessed],
    ],
    [
      'that names ports in a script does too',
      script('isPortOpen(Host, Port)', '    args: { Host: "{{Host}}", Port: "8080,6380" }\n'),
      [redis, web],
      [unknown],
    ],
    [
      'that uses a module runs on its service everywhere, and on its ports where nobody knows what speaks',
      script('require("nuclei/redis").Connect(Host, 6379, "a")', '    args: { Host: "{{Host}}", Port: "6379" }\n'),
      [redis, guessed],
      [web, unknown],
    ],
    ['without port and service runs where nobody knows what speaks', tcp(''), [unknown, guessed], [redis, web]],
    ['does so as a script', script('isPortOpen(Host, Port)'), [unknown, guessed], [redis, web]],
    ['runs on the service of its tags', tagged('network,redis'), [redis, unknown], [web]],
    ['runs on the product of its tags', tagged('network,muhttpd,http'), [web, unknown], [redis]],
    [
      'that says HTTP over TCP runs on web servers',
      tcp('    inputs:\n      - data: "GET /x HTTP/1.1\\r\\nHost: {{Hostname}}\\r\\n\\r\\n"\n'),
      [web],
      [unknown, redis],
    ],
    [
      'that says it in hexadecimal does so too',
      tcp('    inputs:\n      - data: "474554206120"\n        type: hex\n'),
      [web],
      [unknown, redis],
    ],
    [
      'that asks over HTTP besides runs on web servers as well',
      check(`javascript:\n  - code: "1"\nhttp:\n  - path: ["{{BaseURL}}/"]\n${word}`),
      [web, unknown],
      [redis],
    ],
  ])('%s', (_what, template, runs, not) => {
    expect(runs.map((each) => applies(template, each))).toEqual(runs.map(() => true));
    expect(not.map((each) => applies(template, each))).toEqual(not.map(() => false));
  });

  it('without a port is never sent to what a foreign payload may print or stop', () => {
    for (const port of [9100, 502, 102]) {
      expect(applies(tcp(''), service({ port, method: 'port-number', service: 'pdl-datastream' }))).toBe(false);
      expect(applies(tagged('network,mbap'), service({ port, service: 'mbap' }))).toBe(false);
    }
    expect(applies(tcp('    port: 9100\n'), service({ port: 9100 }))).toBe(true);
    expect(applies(tcp(''), service({ protocol: 'udp' }))).toBe(false);
  });
});
