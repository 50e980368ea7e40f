import { concat, hex, startsWith, u8 } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

const random = new Uint8Array(1528).map((_, index) => (index * 7 + 80) & 0xff);
/** C0 and C1 of Adobe's RTMP specification 1.0, section 5.2: version 3, time 1, zero, random bytes. */
const c0c1 = concat(hex('03', '00000001', '00000000'), random);

/** Begins the handshake of RTMP: S2 returns our random bytes. */
export const rtmp: ServiceProbe = {
  name: 'rtmp',
  help: 'Begins the handshake of a streaming server; our random bytes come back.',
  services: ['macromedia-fcs'],
  transport: 'tcp',
  opens: 'client',
  ports: [1935],
  tlsPorts: [],
  proved: 'server',
  next: (answers) => (answers.length === 0 ? c0c1 : null),
  whole: (answer) => answer.length >= 3073,
  classify(answers) {
    const answer = answers[0] ?? new Uint8Array(0);
    if (answer.length < 3073 || u8(answer, 0) !== 3 || !startsWith(answer.subarray(1545), random)) return null;
    return { service: 'macromedia-fcs', info: 'RTMP' };
  },
};
