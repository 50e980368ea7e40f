import { describe, expect, it } from 'vitest';
import { concat } from '../services/bytes.ts';
import { type FuzzTarget, utf8 } from './fuzz-target.ts';
import { fuzzTargets } from './registry.ts';

/** As much as one answer may hold, and how much of the processor it may cost: hundred times what it should. Bytes, milliseconds. */
const longest = 65_536;
const mostCpuMs = 700;

/** What superlinear patterns stumble over: the same few characters all the way. */
const fills = ['A', ' ', '\r\n', '\n', '<a ', '0', '{"a":', '250-x\r\n', '\0', '((', 'a=b; '].map(utf8);

/** A fill behind the first bytes of a real message, so that the decoder goes beyond its first look. */
function longInputs(target: FuzzTarget): Uint8Array[] {
  const heads = [new Uint8Array(0), ...target.corpus.slice(0, 3)].map((each) => each.subarray(0, 24));
  return heads.flatMap((head) =>
    fills.map((fill) => {
      const body = new Uint8Array(longest - head.length);
      for (let at = 0; at < body.length; at += 1) body[at] = fill[at % fill.length] ?? 0;
      return concat(head, body);
    }),
  );
}

/** Processor time of one call, milliseconds: does not count what other programs of a busy machine take. */
function cpuMs(call: () => unknown): number {
  const before = process.cpuUsage();
  call();
  const used = process.cpuUsage(before);
  return (used.user + used.system) / 1000;
}

const networkTargets = fuzzTargets.filter(({ name }) => !name.startsWith('content/'));

describe('64 kB of hostile monotony', () => {
  it.each(networkTargets.map((target) => [target.name, target] as const))(
    'is read in linear time by %s',
    (_name, target) => {
      const slow = longInputs(target).flatMap((input, index) => {
        const took = cpuMs(() => target.decode(input));
        // Once more, before it is called slow: the first call may have been compiled, or collected after.
        const again = took > mostCpuMs ? cpuMs(() => target.decode(input)) : took;
        return again > mostCpuMs ? [`${index}: ${Math.round(again)} ms`] : [];
      });
      expect(slow).toEqual([]);
    },
  );
});
