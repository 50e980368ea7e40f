import fc from 'fast-check';

/** A decoder that looks at `bytes` from `at` up to `end`. */
type Decoder = (bytes: Uint8Array, at: number, end: number) => unknown;

/**
 * Fails when a decoder throws, changes the bytes, or lets anything outside its bounds decide the result. Tried on random bytes and on
 * `samples` (real messages) that are cut and altered.
 */
export function decodesAnything(decode: Decoder, samples: readonly Uint8Array[] = []): void {
  const random = fc.uint8Array({ maxLength: 160 });
  const mutated = fc
    .tuple(
      fc.constantFrom(new Uint8Array(0), ...samples),
      fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { maxLength: 4 }),
      fc.nat(200),
    )
    .map(([sample, changes, cut]) => {
      const bytes = sample.slice();
      for (const [index, value] of changes) if (index < bytes.length) bytes[index] = value;
      return cut > 100 ? bytes : bytes.slice(0, cut);
    });
  fc.assert(
    fc.property(fc.oneof(random, mutated), fc.uint8Array({ maxLength: 60 }), fc.nat(20), (bytes, after, at) => {
      const placed = (tail: Uint8Array, fill: number) => {
        const all = new Uint8Array(at + bytes.length + tail.length).fill(fill, 0, at);
        all.set(bytes, at);
        all.set(tail, at + bytes.length);
        return all;
      };
      const one = placed(after, 0);
      const other = placed(
        after.map((byte) => byte ^ 0x5a),
        0xff,
      );
      const before = one.slice();
      const results = [one, other].map((all) => JSON.stringify(decode(all, at, at + bytes.length)));
      if (results[0] !== results[1]) throw new Error(`bytes outside decide: ${results.join(' and ')}`);
      if (!before.every((byte, index) => one[index] === byte)) throw new Error('the decoder wrote');
    }),
  );
}
