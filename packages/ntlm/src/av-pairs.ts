/** Ids of AV pairs (MS-NLMP section 2.2.2.1). */
export const avIds = {
  end: 0,
  computer: 1,
  domain: 2,
  dnsComputer: 3,
  dnsDomain: 4,
  dnsForest: 5,
  flags: 6,
  timestamp: 7,
  targetName: 9,
  channelBindings: 10,
} as const;

/** The pairs by their id, up to the end mark or the end of the bytes; of pairs that are cut off, what is there. Total. */
export function decodeAvPairs(bytes: Uint8Array): ReadonlyMap<number, Uint8Array> {
  const pairs = new Map<number, Uint8Array>();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + 4 <= bytes.length; ) {
    const id = view.getUint16(at, true);
    const length = view.getUint16(at + 2, true);
    if (id === avIds.end) break;
    pairs.set(id, bytes.subarray(at + 4, Math.min(bytes.length, at + 4 + length)));
    at += 4 + length;
  }
  return pairs;
}

/** The pairs in their order, with the end mark. */
export function encodeAvPairs(pairs: Iterable<readonly [number, Uint8Array]>): Uint8Array {
  const list = [...pairs];
  const bytes = new Uint8Array(list.reduce((sum, [, value]) => sum + 4 + value.length, 4));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [id, value] of list) {
    view.setUint16(at, id, true);
    view.setUint16(at + 2, value.length, true);
    bytes.set(value, at + 4);
    at += 4 + value.length;
  }
  return bytes;
}
