/**
 * Suites that a JARM hello offers, in the order of strength that the method works with (JARM, "ClientHello": the list ALL). Those of
 * TLS 1.3 stand among the others.
 */
export const jarmCiphers: readonly number[] = [
  0x0016, 0x0033, 0x0067, 0xc09e, 0xc0a2, 0x009e, 0x0039, 0x006b, 0xc09f, 0xc0a3, 0x009f, 0x0045, 0x00be, 0x0088,
  0x00c4, 0x009a, 0xc008, 0xc009, 0xc023, 0xc0ac, 0xc0ae, 0xc02b, 0xc00a, 0xc024, 0xc0ad, 0xc0af, 0xc02c, 0xc072,
  0xc073, 0xcca9, 0x1302, 0x1301, 0xcc14, 0xc007, 0xc012, 0xc013, 0xc027, 0xc02f, 0xc014, 0xc028, 0xc030, 0xc060,
  0xc061, 0xc076, 0xc077, 0xcca8, 0x1305, 0x1304, 0x1303, 0xcc13, 0xc011, 0x000a, 0x002f, 0x003c, 0xc09c, 0xc0a0,
  0x009c, 0x0035, 0x003d, 0xc09d, 0xc0a1, 0x009d, 0x0041, 0x00ba, 0x0084, 0x00c0, 0x0007, 0x0004, 0x0005,
];

/** Suites of TLS 1.3 (RFC 8446 appendix B.4). */
export const isTls13Suite = (code: number): boolean => code >> 8 === 0x13;

/** In which order a hello names what it offers. */
export type JarmOrder = 'forward' | 'reverse' | 'top-half' | 'bottom-half' | 'middle-out';

/** A list in one of the orders. The middle of an odd list belongs to the top half, and is where `middle-out` begins. */
export function inOrder<T>(list: readonly T[], order: JarmOrder): readonly T[] {
  const middle = Math.floor(list.length / 2);
  switch (order) {
    case 'forward':
      return list;
    case 'reverse':
      return list.toReversed();
    case 'bottom-half':
      return list.slice(Math.ceil(list.length / 2));
    case 'top-half':
      return list.slice(0, Math.ceil(list.length / 2)).toReversed();
    case 'middle-out':
      return middleOut(list, middle);
  }
}

/** From the middle to both ends by turns, the later half first. */
function middleOut<T>(list: readonly T[], middle: number): T[] {
  const odd = list.length % 2 === 1;
  const later = list.slice(odd ? middle + 1 : middle);
  const earlier = list.slice(0, middle).toReversed();
  return [
    ...(odd ? list.slice(middle, middle + 1) : []),
    ...later.flatMap((item, at) => [item, ...earlier.slice(at, at + 1)]),
  ];
}
