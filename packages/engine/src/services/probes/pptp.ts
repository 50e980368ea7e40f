import { ascii, concat, hex, latin, u16be, u32be, untilNul } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

function field(text: string): Uint8Array {
  const bytes = new Uint8Array(64);
  bytes.set(ascii(text));
  return bytes;
}

/** Start-Control-Connection-Request (RFC 2637 section 2.1): magic cookie, version 1.0, framing and bearer 1, no channels. */
const request = concat(
  hex('009c 0001 1a2b3c4d 0001 0000', '0100 0000 00000001 00000001 0000 0000'),
  field('picket'),
  field('picket'),
);

/** Opens the control connection of PPTP and reads host name, vendor and firmware. No call is made. */
export const pptp: ServiceProbe = {
  name: 'pptp',
  help: 'Opens a PPTP control connection and reads host name, vendor and firmware.',
  services: ['pptp'],
  transport: 'tcp',
  opens: 'client',
  ports: [1723],
  tlsPorts: [],
  proved: 'server',
  next: (answers) => (answers.length === 0 ? request : null),
  whole: (answer) => answer.length >= 156,
  classify(answers) {
    const answer = answers[0] ?? new Uint8Array(0);
    if (answer.length < 156 || u32be(answer, 4) !== 0x1a2b3c4d || u16be(answer, 8) !== 2) return null;
    const hostname = latin(untilNul(answer.subarray(28, 92)));
    const vendor = latin(untilNul(answer.subarray(92, 156)));
    return {
      service: 'pptp',
      info: `vendor string "${vendor}", firmware ${u16be(answer, 26)}`,
      ...(hostname === '' ? {} : { hostname }),
    };
  },
};
