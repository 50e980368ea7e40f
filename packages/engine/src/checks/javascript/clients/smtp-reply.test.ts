import { describe, expect, it } from 'vitest';
import { ascii } from '../../../services/bytes.ts';
import { decodeSmtpReply, smtpReplyBounds } from './smtp-reply.ts';

const decode = (text: string) => decodeSmtpReply(ascii(text));

describe('a reply of a mail server', () => {
  it.each([
    ['220 mail.lab.test ESMTP\r\n', 220, ['mail.lab.test ESMTP']],
    ['250-mail.lab.test\r\n250-SIZE 1000\r\n250 HELP\r\n', 250, ['mail.lab.test', 'SIZE 1000', 'HELP']],
    ['250\r\n', 250, ['']],
    ['550 no\n', 550, ['no']],
  ])('is read: %j', (text, code, lines) => {
    expect(decode(text)).toEqual({ code, lines, length: text.length });
  });

  it('ends with its last line, whatever follows', () => {
    expect(decode('250 ok\r\n354 go on\r\n')).toMatchObject({ code: 250, length: 8 });
  });

  it.each(['', '2', '250', '250-a', '250-a\r\n', '250-a\r\n25', '250-a\r\n250 b'])('is not whole yet: %j', (text) => {
    expect(decode(text)).toBe('partial');
  });

  it.each(['SSH-2.0-x\r\n', 'S', '199 x\r\n', '250x\r\n', '250-a\r\n550 b\r\n', '250-a\r\n55', '\r\n', '25\r\n'])(
    'is of another protocol: %j',
    (text) => {
      expect(decode(text)).toBe('foreign');
    },
  );

  it('has lines of 512 bytes and no longer', () => {
    const line = (bytes: number) => `220 ${'x'.repeat(bytes - 6)}\r\n`;
    expect(decode(line(smtpReplyBounds.lineBytes))).toMatchObject({ code: 220 });
    expect(decode(line(smtpReplyBounds.lineBytes + 1))).toBe('foreign');
    expect(decode(`220 ${'x'.repeat(508)}`)).toBe('foreign');
  });

  it('has a hundred lines and no more', () => {
    const { lines } = smtpReplyBounds;
    expect(decode(`${'250-a\r\n'.repeat(lines - 1)}250 a\r\n`)).toMatchObject({ code: 250 });
    expect(decode('250-a\r\n'.repeat(lines))).toBe('foreign');
  });
});
