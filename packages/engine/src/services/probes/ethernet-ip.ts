import { decodeText } from '@picket/checks/fingerprints/decode-text';
import { hex, u16le, u32le, u8 } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

const request = hex('6300 0000 00000000 00000000', '5069636b 65740000', '00000000');
/** ODVA vendor ids that are met most. */
const vendors: Readonly<Record<number, string>> = {
  1: 'Rockwell Automation',
  283: 'Schneider Electric',
  47: 'Omron',
  26: 'Festo',
  808: 'SICK',
  2: 'Namco Controls',
};

/** List Identity (command 0x63; EtherNet/IP specification volume 2, section 2-4.2): vendor, product and revision. */
export const ethernetIp: ServiceProbe = {
  name: 'ethernet-ip',
  help: 'Asks an EtherNet/IP device for its identity.',
  services: ['ethernet-ip'],
  transport: 'tcp',
  opens: 'client',
  ports: [44818],
  tlsPorts: [],
  proved: 'specification',
  fragile: true,
  next: (answers) => (answers.length === 0 ? request : null),
  whole: (answer) => answer.length >= 24 && answer.length >= 24 + u16le(answer, 2),
  classify(answers) {
    const answer = answers[0] ?? new Uint8Array(0);
    if (u16le(answer, 0) !== 0x63 || u16le(answer, 2) !== answer.length - 24 || u32le(answer, 12) !== 0x6b636950)
      return null;
    // One item of type 0x0c: version 2, socket address 16, vendor, device type, product code, revision, status, serial, name.
    if (u16le(answer, 26) !== 0x0c || answer.length < 64) return null;
    const name = decodeText(answer.subarray(63, 63 + u8(answer, 62))).trim();
    const vendor = vendors[u16le(answer, 48)];
    return {
      service: 'ethernet-ip',
      ...(vendor ? { vendor } : {}),
      ...(name === '' ? {} : { product: name }),
      version: `${u8(answer, 54)}.${u8(answer, 55)}`,
      info: `vendor ${u16le(answer, 48)}, device type ${u16le(answer, 50)}`,
    };
  },
};
