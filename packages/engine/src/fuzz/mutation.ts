import type { Random } from '@picket/base/random';

/** Values that lengths and counts go wrong with. */
const edges = [0, 1, 2, 3, 4, 7, 8, 0x0f, 0x10, 0x1f, 0x20, 0x3f, 0x40, 0x7f, 0x80, 0x81, 0x82, 0x84, 0xc0, 0xfe, 0xff];

type Change = (bytes: Uint8Array, random: Random, corpus: readonly Uint8Array[]) => Uint8Array;

const place = (bytes: Uint8Array, random: Random) => random.integer(Math.max(1, bytes.length));

/** Puts a whole value over the bytes at a place, as far as they go. */
function over(bytes: Uint8Array, at: number, values: readonly number[]): Uint8Array {
  const changed = bytes.slice();
  for (const [index, value] of values.entries()) if (at + index < changed.length) changed[at + index] = value;
  return changed;
}

function spliced(bytes: Uint8Array, at: number, removed: number, added: Uint8Array): Uint8Array {
  const end = Math.min(bytes.length, at + removed);
  const result = new Uint8Array(at + added.length + bytes.length - end);
  result.set(bytes.subarray(0, at));
  result.set(added, at);
  result.set(bytes.subarray(end), at + added.length);
  return result;
}

const flipBit: Change = (bytes, random) => {
  const at = place(bytes, random);
  return over(bytes, at, [(bytes[at] ?? 0) ^ (1 << random.integer(8))]);
};

const edgeByte: Change = (bytes, random) =>
  over(bytes, place(bytes, random), [edges[random.integer(edges.length)] ?? 0]);

const randomByte: Change = (bytes, random) => over(bytes, place(bytes, random), [random.integer(256)]);

/** A length that lies: two, three or four bytes, either end first, about the real size or far off. */
const lie: Change = (bytes, random) => {
  const size = 2 + random.integer(3);
  const near = Math.max(0, bytes.length - random.integer(16) + random.integer(16));
  const far = [0, 1, 0x7f, 0xff, 0x7fff, 0xffff, 0x7fffff, 0xffffff, 0x7fffffff, 0xffffffff];
  const value = random.integer(2) === 0 ? near : (far[random.integer(far.length)] ?? 0);
  const digits = Array.from({ length: size }, (_, index) => Math.floor(value / 256 ** (size - 1 - index)) % 256);
  return over(bytes, place(bytes, random), random.integer(2) === 0 ? digits : digits.reverse());
};

const truncate: Change = (bytes, random) => bytes.slice(0, random.integer(bytes.length + 1));

const behead: Change = (bytes, random) => bytes.slice(random.integer(bytes.length + 1));

const remove: Change = (bytes, random) =>
  spliced(bytes, place(bytes, random), 1 + random.integer(16), new Uint8Array(0));

const insert: Change = (bytes, random) => spliced(bytes, place(bytes, random), 0, random.bytes(1 + random.integer(16)));

/** A part of the message many times over: nests structures and lengthens lists. */
const repeat: Change = (bytes, random) => {
  const at = place(bytes, random);
  const part = bytes.subarray(at, at + 1 + random.integer(24));
  const times = 2 + random.integer(24);
  const many = new Uint8Array(part.length * times);
  for (let index = 0; index < times; index += 1) many.set(part, index * part.length);
  return spliced(bytes, at, part.length, many);
};

/** The head of one message and the tail of another. */
const splice: Change = (bytes, random, corpus) => {
  const other = corpus[random.integer(Math.max(1, corpus.length))] ?? bytes;
  const tail = other.subarray(random.integer(other.length + 1));
  return spliced(bytes, random.integer(bytes.length + 1), bytes.length, tail);
};

const changes: readonly Change[] = [
  flipBit,
  edgeByte,
  randomByte,
  lie,
  lie,
  truncate,
  behead,
  remove,
  insert,
  repeat,
  splice,
];

/** One in so many inputs is random bytes alone, one an unchanged message. */
const randomShare = 8;
const plainShare = 64;

/** The next input: a message of the corpus with one to six changes, or random bytes. The same for the same random numbers. */
export function nextInput(corpus: readonly Uint8Array[], random: Random, maxLength: number): Uint8Array {
  const start = corpus[random.integer(Math.max(1, corpus.length))];
  if (start === undefined || random.integer(randomShare) === 0)
    return random.bytes(random.integer(Math.min(256, maxLength)));
  if (random.integer(plainShare) === 0) return start.slice(0, maxLength);
  let bytes: Uint8Array = start;
  for (let left = 1 + random.integer(6); left > 0; left -= 1) {
    const change = changes[random.integer(changes.length)];
    if (change) bytes = change(bytes, random, corpus).subarray(0, maxLength);
  }
  return bytes;
}
