import { ascii, be16, be32, concat, hex, latin, u16be, u32be, u8 } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

function item(type: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const body = concat(...parts);
  return concat(Uint8Array.of(type, 0), be16(body.length), body);
}

const context = item(
  0x20,
  hex('01 00 00 00'),
  item(0x30, ascii('1.2.840.10008.1.1')),
  item(0x40, ascii('1.2.840.10008.1.2')),
);
const user = item(0x50, item(0x51, be32(16_384)), item(0x52, ascii('1.2.826.0.1.3680043.10.1')));
const body = concat(
  hex('0001 0000'),
  ascii('ANY-SCP'.padEnd(16, ' ')),
  ascii('PICKET'.padEnd(16, ' ')),
  new Uint8Array(32),
  item(0x10, ascii('1.2.840.10008.3.1.1.1')),
  context,
  user,
);
/** A-ASSOCIATE-RQ (PS3.8 section 9.3.2) for verification only. */
const request = concat(hex('01 00'), be32(body.length), body);

/** Asks an imaging archive or device for an association that could only verify; it is not used. */
export const dicom: ServiceProbe = {
  name: 'dicom',
  help: 'Asks a medical imaging system for an association and reads its acceptance or rejection.',
  services: ['acr-nema'],
  transport: 'tcp',
  opens: 'client',
  ports: [104, 11112],
  tlsPorts: [],
  proved: 'specification',
  next: (answers) => (answers.length === 0 ? request : null),
  whole: (answer) => answer.length >= 6 && answer.length >= 6 + Math.min(u32be(answer, 2), 60_000),
  classify(answers, context) {
    const answer = answers[0] ?? new Uint8Array(0);
    const type = u8(answer, 0);
    if (u8(answer, 1) !== 0 || u32be(answer, 2) !== answer.length - 6) return null;
    const service = context.port === 11112 ? 'dicom' : 'acr-nema';
    if (type === 3 && answer.length === 10) return { service, info: `association rejected, reason ${u8(answer, 9)}` };
    if (type !== 2 || u16be(answer, 6) !== 1) return null;
    const implementation = /U\0.([\x20-\x7e]{3,16})/s.exec(latin(answer.subarray(74)))?.[1];
    return { service, info: `association accepted${implementation ? `, implementation ${implementation}` : ''}` };
  },
};
