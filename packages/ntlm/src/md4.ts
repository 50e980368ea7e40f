const rotate = (value: number, by: number) => (value << by) | (value >>> (32 - by));
const orders = [
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
  [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15],
  [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15],
] as const;
const shifts = [
  [3, 7, 11, 19],
  [3, 5, 9, 13],
  [3, 9, 11, 15],
] as const;
const added = [0, 0x5a827999, 0x6ed9eba1] as const;
const mixes = [
  (x: number, y: number, z: number) => (x & y) | (~x & z),
  (x: number, y: number, z: number) => (x & y) | (x & z) | (y & z),
  (x: number, y: number, z: number) => x ^ y ^ z,
] as const;

/** MD4 (RFC 1320): what NTLM keeps of a password. Nothing else may use it, and the platform's cryptography has it no more. */
export function md4(bytes: Uint8Array): Uint8Array {
  const blocks = Math.floor((bytes.length + 8) / 64) + 1;
  const message = new Uint8Array(blocks * 64);
  message.set(bytes);
  message[bytes.length] = 0x80;
  const view = new DataView(message.buffer);
  view.setUint32(message.length - 8, (bytes.length << 3) >>> 0, true);
  view.setUint32(message.length - 4, bytes.length >>> 29, true);
  const state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476);
  for (let at = 0; at < message.length; at += 64) {
    mixBlock(
      state,
      Array.from({ length: 16 }, (_, index) => view.getInt32(at + 4 * index, true)),
    );
  }
  const digest = new DataView(new ArrayBuffer(16));
  for (const [index, word] of state.entries()) digest.setInt32(4 * index, word, true);
  return new Uint8Array(digest.buffer);
}

function mixBlock(state: Int32Array, block: readonly number[]): void {
  let [a = 0, b = 0, c = 0, d = 0] = state;
  for (const [round, order] of orders.entries())
    for (const [step, index] of order.entries()) {
      const mixed = (mixes[round]?.(b, c, d) ?? 0) + a + (block[index] ?? 0) + (added[round] ?? 0);
      [a, b, c, d] = [d, rotate(mixed | 0, shifts[round]?.[step % 4] ?? 0), b, c];
    }
  for (const [index, word] of [a, b, c, d].entries()) state[index] = (state[index] ?? 0) + word;
}
