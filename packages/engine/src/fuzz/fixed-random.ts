import type { Random } from '@picket/base/random';

/** Always the same: for keys that a decoder under test needs and nobody keeps secret. */
export const fixedRandom: Random = {
  bytes: (length) => new Uint8Array(length).fill(0x42),
  integer: () => 0,
  uuid: () => '00000000-0000-4000-8000-000000000000',
};
