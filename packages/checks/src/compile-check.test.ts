import { describe, expect, test } from 'vitest';
import { compileCheck } from './compile-check.ts';

const head = 'id: example\ninfo:\n  name: Example\n  severity: high\n  tags: a,b\n';

function problems(body: string): string[] {
  const compiled = compileCheck(head + body);
  return compiled.ok ? [] : compiled.error.problems.map((problem) => `${problem.kind} ${problem.what}`);
}

describe('compiling a template', () => {
  test.each([
    ['an unknown field', 'http:\n  - path: ["{{BaseURL}}/"]\n    shape: round\n', 'unsupported field:shape'],
    [
      'an unknown function',
      'http:\n  - path: ["{{BaseURL}}/"]\n    matchers:\n      - type: dsl\n        dsl: ["llm_prompt(Host) == 1"]\n',
      'unsupported function:llm_prompt',
    ],
    [
      'a pipeline that would have to wait for answers',
      'http:\n  - path: ["{{BaseURL}}/"]\n    pipeline: true\n    redirects: true\n',
      'unsupported pipeline:redirects',
    ],
    ['another protocol', 'headless:\n  - code: x\n', 'unsupported protocol:headless'],
    ['asking from the root servers', 'dns:\n  - name: "{{FQDN}}"\n    trace: true\n', 'unsupported field:trace'],
    ['a record type that is not there', 'dns:\n  - name: "{{FQDN}}"\n    type: HINFO\n', 'unsupported dns:HINFO'],
    [
      'a flow that needs what is not there',
      'flow: |\n  http(1); require("nuclei/nothing")\nhttp:\n  - path: ["{{BaseURL}}/"]\n',
      'unsupported script:module:nothing',
    ],
    [
      'an XPath function that is not there',
      'http:\n  - path: ["{{BaseURL}}/"]\n    extractors:\n      - type: xpath\n        xpath: ["document(1)"]\n',
      'unsupported xpath',
    ],
    [
      'a jq function that is not there',
      'http:\n  - path: ["{{BaseURL}}/"]\n    extractors:\n      - type: json\n        json: ["input"]\n',
      'unsupported extractor:jq',
    ],
    ['a host that is not scanned', 'tcp:\n  - host: ["203.0.113.9:22"]\n', 'unsupported host-form'],
    [
      'a pattern that does not compile',
      'http:\n  - path: ["/"]\n    matchers:\n      - type: regex\n        regex: ["("]\n',
      'syntax value',
    ],
    ['no YAML', '\t- [', 'syntax yaml'],
  ])('reports %s and never drops it', (_what, body, expected) => {
    expect(problems(body)).toContain(expected);
  });

  test('keeps the source text of scalars and both spellings of keys', () => {
    const compiled = compileCheck(
      `${head}network:\n  - host: ["{{Hostname}}"]\n    inputs:\n      - data: 0000000107\n        type: hex\n`,
    );
    const block = compiled.ok ? compiled.value.program().blocks[0] : undefined;
    expect(block?.protocol === 'tcp' && block.inputs[0]?.data).toEqual({ literal: '0000000107' });
  });

  test.each([
    ['tls', '["tls://{{Hostname}}"]', true],
    ['plain', '["{{Hostname}}"]', false],
    ['both', '["{{Hostname}}", "tls://{{Hostname}}"]', false],
  ])('speaks TLS where a template names only TLS forms of the host: %s', (_what, hosts, tls) => {
    const compiled = compileCheck(`${head}tcp:\n  - host: ${hosts}\n    inputs:\n      - data: x\n`);
    expect(compiled.ok && compiled.value.program().blocks[0]).toMatchObject({ tls });
  });

  test('survives deep, large and multiplying files', () => {
    expect(compileCheck('['.repeat(100_000)).ok).toBe(false);
    expect(compileCheck('a'.repeat(3_000_000)).ok).toBe(false);
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${Array.from({ length: 12 }, (_, at) => `b${at}: &b${at} [${`*${at === 0 ? 'a' : `b${at - 1}`},`.repeat(9)}]`).join('\n')}\n`;
    expect(compileCheck(bomb).ok).toBe(false);
  });

  test.each([
    ['a method that changes', 'http:\n  - method: PUT\n    path: ["{{BaseURL}}/x"]\n', 'uses PUT'],
    ['a command', 'http:\n  - path: ["{{BaseURL}}/?q=;id"]\n', 'sends a command'],
    [
      'a list of passwords',
      'http:\n  - path: ["{{BaseURL}}/"]\n    payloads:\n      password: [a, b]\n',
      'tries credentials',
    ],
    [
      'an upload',
      'http:\n  - method: POST\n    path: ["{{BaseURL}}/"]\n    body: "a; filename=\\"x\\""\n',
      'uploads a file',
    ],
  ])('finds %s not safe, whatever the publisher says', (_what, body, reason) => {
    const compiled = compileCheck(head + body);
    expect(compiled.ok && compiled.value.intrusive).toContain(reason);
  });
});
