import { ascii, concat, hex, latin, u32be, u8 } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

const attributes = concat(
  // Origin-Host 264 and Origin-Realm 296 have codes of two bytes.
  hex('00000108 40 000016'),
  ascii('picket.invalid'),
  hex('0000'),
  hex('00000128 40 00000f'),
  ascii('invalid'),
  hex('00'),
  hex('00000101 40 00000e 0001 c0000201 0000'),
  hex('0000010a 40 00000c 00000000'),
  hex('0000010d 00 00000e'),
  ascii('picket'),
  hex('0000'),
);
/** Capabilities-Exchange-Request (RFC 6733 section 5.3.1): command 257 of the base protocol. */
const request = concat(
  hex('01 0000'),
  Uint8Array.of(20 + attributes.length),
  hex('80 000101 00000000 5069636b 5069636b'),
  attributes,
);

/** Exchanges capabilities with a Diameter peer that does not know us. */
export const diameter: ServiceProbe = {
  name: 'diameter',
  help: 'Exchanges capabilities with a Diameter peer; its refusal still names it.',
  services: ['diameter'],
  transport: 'tcp',
  opens: 'client',
  ports: [3868],
  tlsPorts: [],
  proved: 'specification',
  next: (answers) => (answers.length === 0 ? request : null),
  whole: (answer) => answer.length >= 4 && answer.length >= u32be(answer, 0) % 0x1000000,
  classify(answers) {
    const answer = answers[0] ?? new Uint8Array(0);
    if (u8(answer, 0) !== 1 || u32be(answer, 0) % 0x1000000 !== answer.length || u32be(answer, 4) % 0x1000000 !== 257)
      return null;
    if ((u8(answer, 4) & 0x80) !== 0 || u32be(answer, 12) !== 0x5069636b) return null;
    const host = /\x01\x08[@\0]\0.{2}([A-Za-z0-9.-]{3,200})/s.exec(latin(answer))?.[1];
    return { service: 'diameter', ...(host ? { hostname: host } : {}) };
  },
};
