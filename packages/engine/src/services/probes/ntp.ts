import { u8 } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** RFC 5905 section 7.3: leap 0, version 4, mode 3 (client). */
const request = Uint8Array.from({ length: 48 }, (_, index) => (index === 0 ? 0x23 : index >= 40 ? 0x50 + index : 0));

/** Asks for the time, as any client does. */
export const ntp: ServiceProbe = {
  name: 'ntp',
  help: 'Asks for the time, as any client does.',
  services: ['ntp'],
  transport: 'udp',
  opens: 'client',
  ports: [123],
  tlsPorts: [],
  fallbackRank: 4,
  proved: 'specification',
  next: (answers) => (answers.length === 0 ? request : null),
  classify(answers) {
    const answer = answers[0] ?? new Uint8Array(0);
    // A server (mode 4) puts our transmit time into its originate field.
    if (answer.length < 48 || (u8(answer, 0) & 7) !== 4) return null;
    for (let at = 0; at < 8; at += 1) if (answer[24 + at] !== request[40 + at]) return null;
    return { service: 'ntp', info: `NTPv${(u8(answer, 0) >> 3) & 7}, stratum ${u8(answer, 1)}` };
  },
};
