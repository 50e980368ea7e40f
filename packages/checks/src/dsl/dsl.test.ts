import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { fromText } from '../byte-string.ts';
import { evaluate } from './evaluate.ts';
import { parseDsl } from './parser.ts';
import type { DslAmbient, DslValue } from './value.ts';

const ambient: DslAmbient = {
  random: {
    bytes: (length) => new Uint8Array(length),
    integer: (limit) => limit - 1,
    uuid: () => '00000000-0000-4000-8000-000000000000',
  },
  now: () => 1_700_000_000_000,
};

function run(source: string, scope: Record<string, DslValue> = {}): DslValue | string {
  const node = parseDsl(source);
  if (!node.ok) return `syntax: ${node.error}`;
  const value = evaluate(node.value, new Map(Object.entries(scope)), ambient);
  return value.ok ? value.value : `fault: ${value.error.reason}`;
}

describe('the DSL', () => {
  test.each<[string, DslValue]>([
    ['1 + 2 * 3', 7],
    ['(1 + 2) * 3', 9],
    ['2 ** 3', 8],
    ['!true || false', false],
    ['1 == 1 && "a" != "b"', true],
    ['3 in (1, 2, 3)', true],
    ['"abc" =~ "^a.c$"', true],
    ['"abc" !~ "z"', true],
    ['true ? "yes" : "no"', 'yes'],
    ['missing ?? "default"', 'default'],
    ['contains("a\\"b", "\\"")', true],
    ['regex("^\\\\d+$", "123")', true],
    ['compare_versions("1.2.3", ">= 1.0", "< 2.0")', true],
    ['compare_versions("1.2.3-beta", "< 2.0")', false],
    ['len("ä")', 2],
    ['hex_encode("ÿ")', 'c3bf'],
    ['date_time("%Y-%M-%D", 0)', '1970-01-01'],
    ['-1 < 0', true],
    ['hex_encode(xor("ab", "1"))', '5053'],
    ['unpack(">I", hex_decode("00000102"))', 258],
    ['unpack("<h", hex_decode("ffff"))', -1],
    ['json_minify("{ \\"a\\" : [1, 2] }")', '{"a":[1,2]}'],
    ['count("banana", "an")', 2],
    ['starts_with(zip("a.txt", "x"), "PK") && contains(zip("a.txt", "x"), "a.txt")', true],
    ['inflate(deflate("abc"))', 'abc'],
    ['len(aes_gcm("AES256Key-32Characters1234567890", "exampleplaintext"))', 44],
    ['hex_encode(aes_cbc("abc", "0123456789abcdef", "0123456789abcdef"))', 'a0e69686d97ad28fde5a4f3d3eeb455b'],
    ['rand_ip("192.0.2.0/24")', '192.0.2.0'],
    ['ip_format("127.0.0.1", 5)', '2130706433'],
    ['ip_format("127.0.0.1", 6)', '0x7f000001'],
    ['to_bool("true")', true],
    ['len(rand_base(5, ""))', 5],
    ['resolve("a.test")', 'fault: resolve needs a host and is not available here'],
    ['generate_jwt("[]", "HS256", "k")', 'fault: the claims are no JSON object'],
    ['5 - 3', 2],
    ['status_code == 200 && contains(body, "x")', 'fault: the variable "status_code" has no value'],
  ])('%s is %j', (source, expected) => {
    expect(run(source)).toEqual(expected);
  });

  test('false && stops before what it need not know', () => {
    expect(run('false && unknown')).toBe(false);
  });

  test('faults and broken syntax are results', () => {
    expect(run('1 +')).toMatch(/^syntax/);
    expect(run('"open')).toMatch(/^syntax/);
    expect(run(`${'('.repeat(5000)}1`)).toMatch(/^syntax/);
    expect(run(`${'!'.repeat(5000)}true`)).toMatch(/^syntax/);
    expect(run('nofunction(1)')).toMatch(/unknown/);
    expect(run('repeat("a", 999999999999)')).toMatch(/too large/);
    expect(run('regex("(", "a")')).toMatch(/does not compile/);
  });

  test('a text from a target is a value and is never parsed', () => {
    expect(run('body', { body: fromText('{{md5("Hello")}}') })).toBe('{{md5("Hello")}}');
  });
});

const expectedFile = new URL('../../../../../shared/feeds/nuclei-conformance/dsl-expected.json', import.meta.url);
const reference: { expr: string; value: DslValue }[] = existsSync(expectedFile)
  ? JSON.parse(readFileSync(expectedFile, 'utf8'))
  : [];

describe.runIf(reference.length > 0)('the reference expressions', () => {
  test.each(reference.map(({ expr, value }) => [expr, value] as const))('%s', (expr, value) => {
    expect(run(expr)).toEqual(value);
  });
});
