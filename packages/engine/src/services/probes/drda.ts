import { concat, hex, u16be, u8 } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

const manager = hex('0018 1404', '1403 000a', '2407 000a', '2440 0009', '240f 0008', '1474 0005');
const name = hex('000a 115e 97898392 85a3');
const external = concat(name, manager);
/** EXCSAT (0x1041; DRDA volume 3) in one data stream structure: external name "picket" in EBCDIC, levels of managers. */
const request = concat(
  Uint8Array.of(0, external.length + 10),
  hex('d0 01 0001'),
  Uint8Array.of(0, external.length + 4),
  hex('1041'),
  external,
);

/** Exchanges server attributes with a DRDA server: DB2, Derby, Informix. */
export const drda: ServiceProbe = {
  name: 'drda',
  help: 'Exchanges attributes with a DRDA database server, such as DB2 or Derby.',
  services: ['drda'],
  transport: 'tcp',
  opens: 'client',
  ports: [50000, 446, 523, 50001],
  tlsPorts: [448],
  proved: 'specification',
  next: (answers) => (answers.length === 0 ? request : null),
  whole: (answer) => answer.length >= 2 && answer.length >= u16be(answer, 0),
  classify(answers) {
    const answer = answers[0] ?? new Uint8Array(0);
    // EXCSATRD (0x1443), a reply (type 2) of the structure 0xd0.
    if (u8(answer, 2) !== 0xd0 || (u8(answer, 3) & 15) !== 2 || u16be(answer, 8) !== 0x1443) return null;
    const kind = attribute(answer, 0x1147);
    const level = attribute(answer, 0x115a);
    return {
      service: 'drda',
      ...(/DB2/.test(kind)
        ? { vendor: 'IBM', product: 'DB2' }
        : /Derby/.test(kind)
          ? { vendor: 'Apache', product: 'Derby' }
          : {}),
      ...(kind === '' ? {} : { info: `${kind} ${level}`.trim() }),
    };
  },
};

/** A code point's text; letters and digits of EBCDIC where it is not ASCII. */
function attribute(answer: Uint8Array, codePoint: number): string {
  for (let at = 10; at + 4 <= answer.length; at += Math.max(4, u16be(answer, at))) {
    if (u16be(answer, at + 2) !== codePoint) continue;
    return new TextDecoder('latin1').decode(answer.subarray(at + 4, at + u16be(answer, at)).map(fromEbcdic)).trim();
  }
  return '';
}

/** Code page 500: three runs of letters, one of digits. */
function fromEbcdic(byte: number): number {
  const run = (first: number, last: number, ascii: number) =>
    byte >= first && byte <= last ? byte - first + ascii : null;
  const marks: Readonly<Record<number, number>> = { 0x40: 0x20, 0x61: 0x2f, 0x4b: 0x2e };
  const letter =
    run(0xc1, 0xc9, 0x41) ??
    run(0xd1, 0xd9, 0x4a) ??
    run(0xe2, 0xe9, 0x53) ??
    run(0x81, 0x89, 0x61) ??
    run(0x91, 0x99, 0x6a);
  return letter ?? run(0xa2, 0xa9, 0x73) ?? run(0xf0, 0xf9, 0x30) ?? marks[byte] ?? byte;
}
