import { ascii, concat, hex, latin, u16be, u8 } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** Node status request for `*` (RFC 1002 section 4.2.17): type NBSTAT 0x21, class IN. */
const request = concat(hex('5049 0000 0001 0000 0000 0000 20'), ascii(`CK${'A'.repeat(30)}`), hex('00 0021 0001'));

/** Asks a NetBIOS name service for its table of names. */
export const nbns: ServiceProbe = {
  name: 'nbns',
  help: 'Asks a NetBIOS name service for its table of names.',
  services: ['netbios-ns'],
  transport: 'udp',
  opens: 'client',
  ports: [137],
  tlsPorts: [],
  proved: 'specification',
  next: (answers) => (answers.length === 0 ? request : null),
  classify(answers) {
    const answer = answers[0] ?? new Uint8Array(0);
    // Header 12, name 34, type 2, class 2, TTL 4, length 2, then the count of 18-byte entries (section 4.2.18).
    if (u16be(answer, 0) !== 0x5049 || (u8(answer, 2) & 0x80) === 0 || u16be(answer, 46) !== 0x21) return null;
    const count = Math.min(u8(answer, 56), 64);
    const entries = Array.from({ length: Math.max(0, count) }, (_, index) =>
      answer.subarray(57 + index * 18, 75 + index * 18),
    ).filter((entry) => entry.length === 18);
    const name = (wanted: number, group: boolean) => {
      const entry = entries.find((each) => each[15] === wanted && ((u8(each, 16) & 0x80) !== 0) === group);
      return entry ? latin(entry.subarray(0, 15)).trim() : undefined;
    };
    const hostname = name(0x20, false) ?? name(0, false);
    const group = name(0, true);
    return {
      service: 'netbios-ns',
      ...(hostname ? { hostname } : {}),
      ...(group ? { info: `workgroup or domain ${group}` } : {}),
    };
  },
};
