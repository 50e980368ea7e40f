import { decodeText } from '@picket/checks/fingerprints/decode-text';
import { hex, u16be, u8 } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** ReadProperty of the wildcard device's model name (ASHRAE 135 annex J, clause 15.5): property 70. */
const request = hex('81 0a 0011', '01 04', '00 05 50 0c', '0c 023fffff', '19 46');

/** Reads the model name of a building controller. */
export const bacnet: ServiceProbe = {
  name: 'bacnet',
  help: 'Reads the model name of a BACnet device.',
  services: ['bacnet'],
  transport: 'udp',
  opens: 'client',
  ports: [47808],
  tlsPorts: [],
  proved: 'specification',
  fragile: true,
  next: (answers) => (answers.length === 0 ? request : null),
  classify(answers) {
    const answer = answers[0] ?? new Uint8Array(0);
    if (u8(answer, 0) !== 0x81 || u16be(answer, 2) !== answer.length || u8(answer, 4) !== 1 || u8(answer, 7) !== 0x50)
      return null;
    const pdu = u8(answer, 6);
    if (pdu === 0x50 || pdu === 0x60) return { service: 'bacnet', info: 'read refused' };
    // Complex acknowledgement of ReadProperty; the value is a character string (tag 0x75) between 3e and 3f.
    if (pdu !== 0x30 || u8(answer, 8) !== 0x0c) return null;
    const at = answer.indexOf(0x75, 16);
    const model = at < 0 ? '' : decodeText(answer.subarray(at + 3, at + 2 + u8(answer, at + 1)));
    return { service: 'bacnet', ...(model === '' ? {} : { product: model }) };
  },
};
