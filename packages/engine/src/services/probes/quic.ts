import { concat, hex, startsWith, u32be, u8 } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

const destination = hex('50 69 63 6b 65 74 00 01');
const source = hex('50 69 63 6b 65 74 00 02');
/** A long header of a version that is reserved to force negotiation (RFC 9000 section 15), filled up to 1,200 bytes. */
const request = concat(hex('c0', '1a2a3a4a', '08'), destination, hex('08'), source, new Uint8Array(1200 - 23));

const names: Readonly<Record<number, string>> = { 1: '1', 0x6b3343cf: '2' };

/** Makes a QUIC server list its versions (RFC 9000 section 17.2.1); no connection begins. */
export const quic: ServiceProbe = {
  name: 'quic',
  help: 'Makes a QUIC server list the versions it speaks.',
  services: ['quic'],
  transport: 'udp',
  opens: 'client',
  ports: [443, 80],
  tlsPorts: [],
  fallbackRank: 3,
  proved: 'specification',
  next: (answers) => (answers.length === 0 ? request : null),
  classify(answers) {
    const answer = answers[0] ?? new Uint8Array(0);
    if ((u8(answer, 0) & 0x80) === 0 || u32be(answer, 1) !== 0 || u8(answer, 5) !== 8) return null;
    if (
      !startsWith(answer.subarray(6), source) ||
      u8(answer, 14) !== 8 ||
      !startsWith(answer.subarray(15), destination)
    )
      return null;
    const versions = Array.from({ length: Math.min(16, Math.floor((answer.length - 23) / 4)) }, (_, index) =>
      u32be(answer, 23 + index * 4),
    );
    const told = versions.filter((version) => (version & 0x0f0f0f0f) !== 0x0a0a0a0a);
    return {
      service: 'quic',
      info: `QUIC versions ${told.map((each) => names[each] ?? `0x${each.toString(16)}`).join(', ')}`,
    };
  },
};
