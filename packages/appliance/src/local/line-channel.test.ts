import { Duplex } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineChannel } from './line-channel.ts';

function open(maxLineBytes = 100) {
  const sent: string[] = [];
  const messages: unknown[] = [];
  const ends: string[] = [];
  const stream = new Duplex({
    read() {},
    write(chunk: Buffer, _, done) {
      sent.push(chunk.toString('utf8'));
      done();
    },
  });
  const channel = lineChannel(stream, {
    maxLineBytes,
    onMessage: (message) => messages.push(message),
    onEnd: (reason) => ends.push(reason),
  });
  return { channel, stream, sent, messages, ends };
}

describe('lineChannel', () => {
  it('gives the same messages however the bytes are cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ maxLength: 20 }), { maxLength: 10 }),
        fc.infiniteStream(fc.integer({ min: 1, max: 7 })),
        (texts, cuts) => {
          const { stream, messages } = open(500);
          const bytes = Buffer.from(texts.map((text) => `${JSON.stringify({ text })}\n`).join(''));
          for (let at = 0; at < bytes.length; ) {
            const length = cuts.next().value ?? 1;
            stream.emit('data', bytes.subarray(at, at + length));
            at += length;
          }
          expect(messages).toEqual(texts.map((text) => ({ text })));
        },
      ),
    );
  });

  it('ends once, with a reason, at a line that is no JSON or too long', () => {
    const junk = open();
    junk.stream.emit('data', Buffer.from('{"a":1}\nnonsense\n{"b":2}\n'));
    expect(junk.messages).toEqual([{ a: 1 }]);
    expect(junk.ends).toEqual(['a line is not JSON']);
    const long = open();
    long.stream.emit('data', Buffer.alloc(101, 'x'));
    expect(long.ends).toEqual(['a line is too long']);
  });

  it('sends one line a message, and nothing after its end', () => {
    const { channel, sent } = open();
    channel.send({ text: 'a\nb' });
    channel.close();
    channel.send({ text: 'late' });
    expect(sent).toEqual(['{"text":"a\\nb"}\n']);
  });
});
