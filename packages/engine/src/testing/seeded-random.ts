import type { Random } from '@picket/base/random';
import { mix } from '../connect/permutation.ts';

/** The same numbers for the same seed. */
export function seededRandom(seed: number): Random {
  let state = seed | 0;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    return mix(state);
  };
  return {
    bytes: (length) => {
      const bytes = new Uint8Array(length);
      for (let at = 0; at < length; at += 1) bytes[at] = next() & 255;
      return bytes;
    },
    integer: (limit) => (limit <= 1 ? 0 : next() % limit),
    uuid: () => `00000000-0000-4000-8000-${next().toString(16).padStart(12, '0')}`,
  };
}
