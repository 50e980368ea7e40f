import { describe, expect, it } from 'vitest';
import { ascii, concat } from '../../services/bytes.ts';
import { AnswerWatcher, readAnswer } from './http-framing.ts';

const limits = { maxBody: 65_536, seconds: 0, end: 'complete' } as const;

/** After how many bytes an answer that comes byte by byte is whole; null: never. */
function wholeAfter(text: string, method = 'GET'): number | null {
  const watch = new AnswerWatcher(method).isWhole;
  const bytes = ascii(text);
  for (let length = 1; length <= bytes.length; length += 1) if (watch(bytes.subarray(0, length))) return length;
  return null;
}

describe('an HTTP answer', () => {
  it.each([
    ['HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello', 'hello'],
    ['HTTP/1.1 200 OK\nContent-Length: 2\n\nhi', 'hi'],
    ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n06;x=y\r\n world\r\n0\r\n', 'hello world'],
    ['HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi', 'hi'],
  ])('is whole with its last byte, however it comes: %j', (text, body) => {
    expect(wholeAfter(text)).toBe(text.length);
    expect(readAnswer(ascii(text), 'GET', limits)).toMatchObject({ body, whole: true });
  });

  it('of a HEAD request ends with its head', () => {
    const head = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n';
    expect(wholeAfter(`${head}rest`, 'HEAD')).toBe(head.length);
  });

  it('that is none, or whose head has no end, is not waited for', () => {
    expect(wholeAfter('220 mail ready\r\n')).toBe(5);
    expect(
      new AnswerWatcher('GET').isWhole(concat(ascii('HTTP/1.1 200 OK\r\n'), new Uint8Array(66_000).fill(65))),
    ).toBe(true);
  });

  it('with chunks that lie keeps what came', () => {
    const head = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
    expect(readAnswer(ascii(`${head}ff\r\nshort`), 'GET', limits)).toMatchObject({ body: 'short', whole: false });
    expect(readAnswer(ascii(`${head}2\r\nhi\r\n\u0015\r\nno`), 'GET', limits)).toMatchObject({ body: 'hi' });
    expect(readAnswer(ascii(`${head}123456789\r\nno`), 'GET', limits)?.body).toBe('');
  });

  it('of a megabyte in chunks of one byte is read once, not anew with every piece', () => {
    // Reading it anew for each of these 16,000 pieces would take minutes.
    const bytes = ascii(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${'1\r\nA\r\n'.repeat(170_000)}0\r\n`);
    const watch = new AnswerWatcher('GET').isWhole;
    let whole = false;
    for (let length = 64; length < bytes.length; length += 64) whole ||= watch(bytes.subarray(0, length));
    expect(whole).toBe(false);
    expect(watch(bytes)).toBe(true);
  });

  it.each([
    ['HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello', true],
    ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n', true],
    ['HTTP/1.1 204 No Content\r\n\r\n', true],
    ['HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 0\r\n\r\n', true],
    ['HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n', false],
    ['HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n', false],
    ['HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi, and more than was announced', false],
    ['HTTP/1.1 200 OK\r\n\r\nuntil the end', false],
    ['HTTP/1.1 101 Switching Protocols\r\nContent-Length: 0\r\n\r\n', false],
  ])('leaves its connection open for another request, or not: %j', (text, open) => {
    const watcher = new AnswerWatcher('GET');
    watcher.isWhole(ascii(text));
    expect(watcher.leavesOpen(ascii(text))).toBe(open);
  });
});
