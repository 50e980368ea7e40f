import { expect, test } from 'vitest';
import { ascii } from '../../services/bytes.ts';
import { PipelinedAnswers } from './pipelined-answers.ts';

const say = (body: string) => `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
const chunks = (body: string, trailer = '') =>
  `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n${trailer}\r\n`;

/** Bodies of the answers, read as they come byte by byte, and why the others are missing. */
function read(text: string, methods: readonly string[], end: 'complete' | 'closed' | 'timeout' = 'complete') {
  const found = new PipelinedAnswers(methods, 1000, () => 0);
  const bytes = ascii(text);
  for (let length = 1; length <= bytes.length; length += 1) if (found.isWhole(bytes.subarray(0, length))) break;
  const { answers, loss } = found.finish(bytes, end);
  return [answers.map(({ body }) => body), loss];
}

const three = ['GET', 'GET', 'GET'];

test.each<[string, string, readonly string[], readonly string[]]>([
  ['lengths', say('a') + say('b') + say('c'), three, ['a', 'b', 'c']],
  ['chunks', chunks('a') + chunks('b', 'X: y\r\n') + say('c'), three, ['a', 'b', 'c']],
  [
    'a length of nothing',
    say('') + say('HTTP/1.1 404 No\r\n\r\n') + say('c'),
    three,
    ['', 'HTTP/1.1 404 No\r\n\r\n', 'c'],
  ],
  ['HEAD', `HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n${say('b')}`, ['HEAD', 'GET'], ['', 'b']],
  ['no content', `HTTP/1.1 204 No\r\n\r\n${say('b')}`, ['GET', 'GET'], ['', 'b']],
  ['an interim answer', `HTTP/1.1 100 Continue\r\n\r\n${say('a')}${say('b')}`, ['GET', 'GET'], ['a', 'b']],
])('gives each question its own answer: %s', (_what, text, methods, bodies) => {
  expect(read(text, methods)).toEqual([bodies, null]);
});

test.each<[string, string, unknown]>([
  ['noise between them', `${say('a')}noise${say('b')}${say('c')}`, [['a'], 'no-http']],
  ['an empty line between them', `${say('a')}\r\n${say('b')}${say('c')}`, [['a'], 'no-http']],
  [
    'an answer with two lengths',
    say('a') + say('b').replace('\r\n\r\n', '\r\nContent-Length: 9\r\n\r\n') + say('c'),
    [['a'], 'no-http'],
  ],
  [
    'an answer with a length and chunks',
    say('a') + chunks('b').replace('\r\n\r\n', '\r\nContent-Length: 1\r\n\r\n'),
    [['a'], 'no-http'],
  ],
  ['chunks that lie', `${say('a')}${chunks('b').replace('\r\n1\r\n', '\r\nzz\r\n')}${say('c')}`, [['a'], 'no-http']],
  ['another protocol', `${say('a')}HTTP/1.1 101 Switching\r\n\r\n${say('b')}`, [['a'], 'no-http']],
  ['an end after one that said so', say('a').replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'), [['a'], 'closed']],
  ['an answer too many', say('a') + say('b') + say('c') + say('d'), [[], 'surplus']],
  [
    'answers after one that said it is the last',
    say('a').replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n') + say('b'),
    [[], 'surplus'],
  ],
  ['noise after the last', `${say('a')}${say('b')}${say('c')}noise`, [['a', 'b', 'c'], null]],
])('leaves questions without an answer rather than guess: %s', (_what, text, expected) => {
  expect(read(text, three)).toEqual(expected);
});

test('takes an answer without a length to the end of the connection, and one that is cut for none', () => {
  const open = `${say('a')}HTTP/1.1 200 OK\r\n\r\n${say('b')}`;
  expect(read(open, three, 'closed')).toEqual([['a', say('b')], 'closed']);
  expect(read(open, three, 'timeout')).toEqual([['a'], null]);
  expect(read(say('a') + say('long').slice(0, -1), three, 'closed')).toEqual([['a'], 'closed']);
});
