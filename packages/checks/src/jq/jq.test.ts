import { describe, expect, test } from 'vitest';
import { runJq } from './evaluate.ts';
import { parseJq } from './parser.ts';
import type { JqValue } from './value.ts';

function run(filter: string, document: JqValue = null): JqValue[] | string {
  const node = parseJq(filter);
  return node.ok ? runJq(node.value, document, 100) : node.error;
}

const users = {
  users: [
    { name: 'ada', age: 3, admin: true },
    { name: 'bo', age: 1 },
    { name: 'cy', age: 2 },
  ],
};

describe('jq filters', () => {
  test.each<[string, JqValue, JqValue[]]>([
    ['.', 1, [1]],
    [' .tls_version', { tls_version: 'tls12' }, ['tls12']],
    ['.users[].name', users, ['ada', 'bo', 'cy']],
    ['.users[0]["name"]', users, ['ada']],
    ['."users"[-1].age', users, [2]],
    ['.users[1:] | length', users, [2]],
    ['.["users"] | .[] | select(.age > 1) | .name', users, ['ada', 'cy']],
    ['.[] | to_entries | .[].key', [{ a: 1, b: 2 }], ['a', 'b']],
    ['.users | map(.age) | add', users, [6]],
    ['.users | map(select(has("admin"))) | .[0].name', users, ['ada']],
    ['.users[] | "\\(.name):\\(.age + 1)"', users, ['ada:4', 'bo:2', 'cy:3']],
    ['[.users[].name | select(test("^A|y$"; "i"))] | join(",")', users, ['ada,cy']],
    ['.a.b.c', {}, [null]],
    ['.a?', 1, []],
    ['.a // "none"', {}, ['none']],
    ['try error("x") catch .', null, ['x']],
    ['if .a then 1 elif .b then 2 else 3 end', { b: 1 }, [2]],
    ['{name: .users[0].name, "n": 1, (.users[1].name): 2}', users, [{ name: 'ada', n: 1, bo: 2 }]],
    ['.users | sort_by(.age) | .[0].name', users, ['bo']],
    ['reduce .users[] as $u (0; . + $u.age)', users, [6]],
    ['.users as $all | $all | length', users, [3]],
    ['[.. | numbers]', users, [[3, 1, 2]]],
    ['@base64 "x\\(1)"', null, ['xMQ==']],
    ['@base64d', 'SGk=', ['Hi']],
    ['keys', { b: 1, a: 2 }, [['a', 'b']]],
    ['with_entries(.value += 1)', { a: 1 }, []],
    ['with_entries(.key |= ascii_upcase)', {}, []],
    ['[range(3)]', null, [[0, 1, 2]]],
    ['"a,b" | split(",")', null, [['a', 'b']]],
    ['[scan("[0-9]+")]', 'a1b22', [['1', '22']]],
    ['capture("(?<v>[0-9.]+)").v', 'v1.2', ['1.2']],
    ['gsub("[ab]"; "x")', 'aXb', ['xXx']],
    ['unique', [2, 1, 2], [[1, 2]]],
    ['-1 - 2', null, [-3]],
    ['1 as $x | 2 as $y | [$x, $y, $x + $y]', null, [[1, 2, 3]]],
    ['.a | not', {}, [true]],
    ['any(.[]; . == 2)', [1, 2], [true]],
  ])('%s', (filter, document, expected) => {
    const values = run(filter, document);
    if (expected.length === 0 && typeof values === 'string') expect(values).toMatch(/not (expected|supported)|missing/);
    else expect(values).toEqual(expected);
  });

  test.each(['nosuch(1)', 'input', 'def f: 1; f', '.a = 1', '"open', '{', 'foo', '[1', 'env', '@nosuch'])(
    'says why it does not take %s',
    (filter) => {
      expect(typeof run(filter)).toBe('string');
    },
  );

  test('ends whatever a filter asks for', () => {
    expect(run('[range(1000000000)]')).toEqual([]);
    expect(run('[recurse(.)] | length')).toEqual([201]);
    expect(run('reduce range(1000) as $x ("a"; . + .)')).toEqual([]);
    expect(run('"a" * 100000000')).toEqual([]);
    expect(run('[.[] as $a | .[] as $b | .[] as $c | 1] | length', Array(100).fill(0))).toEqual([]);
    expect(typeof run('('.repeat(5000))).toBe('string');
    expect(typeof run(`${'['.repeat(5000)}${']'.repeat(5000)}`)).toBe('string');
    expect(typeof run('"\\('.repeat(500))).toBe('string');
    const deep: JqValue = JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`);
    expect(run('[..] | length', deep)).toEqual([201]);
    expect(Array.isArray(run('flatten | length', deep))).toBe(true);
    expect(Array.isArray(run('tojson', deep))).toBe(true);
  });

  test('a key of the language is a key like any other', () => {
    const document: JqValue = JSON.parse('{"__proto__":{"x":1},"constructor":2}');
    expect(run('.__proto__.x', document)).toEqual([1]);
    expect(run('.constructor', {})).toEqual([null]);
    expect(run('{__proto__: 1} | keys', null)).toEqual([['__proto__']]);
  });
});
