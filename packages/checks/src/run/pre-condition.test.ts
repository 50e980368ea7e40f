import { expect, test } from 'vitest';
import { systemRandom } from '@picket/base/adapters/system';
import { compileCheck } from '../compile-check.ts';
import { judgePreCondition } from './pre-condition.ts';
import { targetScope } from './target-scope.ts';

const endpoint = { address: '192.0.2.7', name: 'www.example.test', port: 8080, tls: false, path: '/app?x=1' };

function judged(condition: string, more = '') {
  const source = `id: asked\ninfo:\n  name: Asked\nhttp:\n  - path: ["{{BaseURL}}/"]\n${more}    pre-condition:\n${condition}`;
  const compiled = compileCheck(source);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.error));
  const block = compiled.value.program().blocks[0];
  if (block?.protocol !== 'http' || block.preCondition === null) throw new Error('it has no condition');
  const scope = new Map([...targetScope(endpoint), ['http_status_code', 200] as const]);
  return judgePreCondition(block.preCondition, endpoint, { scope, ambient: { random: systemRandom, now: () => 0 } });
}

const dsl = (expression: string) => `      - type: dsl\n        dsl: ["${expression}"]\n`;
const word = (part: string, text: string) => `      - type: word\n        part: ${part}\n        words: ["${text}"]\n`;

test.each<[string, string, string]>([
  ['the method of the scanned address', dsl("method == 'GET'"), 'holds'],
  ['its path and query', dsl("path == '/app' && query == 'x=1'"), 'holds'],
  ['a word of a variable in lower case', word('hostname', 'www.example.test:8080'), 'holds'],
  ['an earlier answer', dsl('http_status_code == 200'), 'holds'],
  ['an earlier answer that was another', dsl('http_status_code == 404'), 'does-not-hold'],
  ['the port of another service', dsl("Port == '80'"), 'does-not-hold'],
  ['another method', dsl("method == 'POST'"), 'unknown'],
  ['a path that the address does not have', dsl("contains(path, '.php')"), 'unknown'],
  ['a body, which the address does not have', word('body', 'id='), 'unknown'],
  ['a variable that nobody knows', dsl("nobody == '1'"), 'unknown'],
])('judges a condition on %s', (_what, condition, kind) => {
  expect(judged(condition).kind).toBe(kind);
});

test('needs one of several conditions, or all with the operator "and"', () => {
  const two = dsl('http_status_code == 404') + dsl('http_status_code == 200');
  expect(judged(two).kind).toBe('holds');
  expect(judged(two, '    pre-condition-operator: and\n').kind).toBe('does-not-hold');
});

test('does not take a text for a list of matchers, nor a field that it does not know', () => {
  const text = compileCheck('id: a\ninfo:\n  name: A\nhttp:\n  - path: ["/"]\n    pre-condition: "true"\n');
  expect(text.ok).toBe(false);
  const field = compileCheck(
    `id: a\ninfo:\n  name: A\nhttp:\n  - path: ["/"]\n    pre-condition:\n${dsl('1 == 1')}        planted: 1\n`,
  );
  expect(field).toMatchObject({ error: { problems: [{ what: 'field:planted' }] } });
});
