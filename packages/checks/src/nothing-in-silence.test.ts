import { describe, expect, test } from 'vitest';
import { compileCheck } from './compile-check.ts';

const head = 'id: planted\ninfo:\n  name: planted\n  severity: low\n';
const matchers = '    matchers:\n      - type: word\n        words: [x]\n';
const web = `${head}http:\n  - path: ["{{BaseURL}}/"]\n${matchers}`;
const socket = `${head}tcp:\n  - host: ["{{Hostname}}"]\n    port: 70\n    inputs:\n      - data: "q"\n${matchers}`;
const handshake = `${head}ssl:\n  - address: "{{Host}}:{{Port}}"\n${matchers}`;

/** What `compileCheck` says is missing or wrong. */
function whats(source: string): readonly string[] {
  const compiled = compileCheck(source);
  return compiled.ok ? [] : compiled.error.problems.map(({ what }) => what);
}

describe('a template that something unknown was planted in', () => {
  test('is runnable without it', () => {
    expect([web, socket, handshake].map(whats)).toEqual([[], [], []]);
  });

  test.each<[string, string, string]>([
    ['a field of the template', `${web}planted-field: 1\n`, 'field:planted-field'],
    ['a field of a web request', web.replace('  - path', '  - planted-field: 1\n    path'), 'field:planted-field'],
    ['a field of a socket block', socket.replace('    port', '    planted-field: 1\n    port'), 'field:planted-field'],
    ['a field of an input', socket.replace('- data', '- planted-field: 1\n        data'), 'field:planted-field'],
    ['a field of a handshake', `${handshake}    planted-field: 1\n`, 'field:planted-field'],
    ['a field of a matcher', web.replace('type: word', 'type: word\n        planted-field: 1'), 'field:planted-field'],
    [
      'a field of an extractor',
      `${web}    extractors:\n      - type: regex\n        regex: [x]\n        planted-field: 1\n`,
      'field:planted-field',
    ],
    [
      'a function in a matcher',
      web.replace('type: word\n        words: [x]', "type: dsl\n        dsl: ['planted(body)']"),
      'function:planted',
    ],
    ['a function in a request', web.replace('{{BaseURL}}/', '{{BaseURL}}/{{planted(1)}}'), 'function:planted'],
    ['a function in a variable', web.replace('http:', 'variables:\n  a: "{{planted(1)}}"\nhttp:'), 'function:planted'],
    ['a function in an input', socket.replace('"q"', '"{{planted(1)}}"'), 'function:planted'],
    ['a kind of matcher', web.replace('type: word', 'type: planted'), 'value'],
    ['a kind of extractor', `${web}    extractors:\n      - type: planted\n        regex: [x]\n`, 'value'],
    ['a way to combine payloads', web.replace('  - path', '  - attack: planted\n    path'), 'value'],

    ['a protocol', `${web}planted:\n  - a: b\n`, 'field:planted'],
  ])('does not run because of %s', (_title, source, what) => {
    expect(whats(source)).toContain(what);
  });
});
