import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readBatch } from './batch.ts';

const unit = { phase: 'discovery', subject: '10.0.0.0-10.0.0.255' };
const line = (seq: number) =>
  JSON.stringify({
    seq,
    scan: 1,
    slice: 2,
    lease: 'l',
    event: { type: 'unit', unit, time: '2026-11-21T05:00:00.000Z', state: 'running' },
  });
const bytes = (text: string) => new TextEncoder().encode(text);

describe('readBatch', () => {
  it('reads as many lines as announced, with or without a last line break', () => {
    for (const end of ['', '\n']) {
      const batch = readBatch(bytes(`${line(5)}\n${line(6)}${end}`), { first: 5, count: 2 });
      expect(batch.ok && batch.value.map((event) => event.seq)).toEqual([5, 6]);
    }
  });

  it.each([
    ['too few lines', `${line(1)}\n`, 2, 'events.wrong-count'],
    ['too many lines', `${line(1)}\n${line(2)}\n`, 1, 'events.wrong-count'],
    ['a gap inside', `${line(1)}\n${line(3)}\n`, 2, 'events.wrong-order'],
    ['a cut line', `${line(1)}\n${line(2).slice(0, 40)}`, 2, 'events.malformed'],
    ['an empty line', `${line(1)}\n\n`, 2, 'events.malformed'],
    ['an unknown type', `${line(1).replace('"unit","unit"', '"x","unit"')}\n`, 1, 'events.malformed'],
    ['an event over the limit', `${' '.repeat(70_000)}${line(1)}\n`, 1, 'events.too-large'],
  ])('refuses %s', (_title, text, count, code) => {
    const batch = readBatch(bytes(text), { first: 1, count });
    expect(batch.ok ? 'accepted' : batch.error.code).toBe(code);
  });

  it('refuses bytes that are no UTF-8, and never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (body) => {
        expect(readBatch(body, { first: 1, count: 1 }).ok).toBe(false);
      }),
    );
  });
});
