import { hex, startsWith, u8 } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** Authentication START (RFC 8907 section 5.1): version 12.0, not obfuscated, session "Pick": ASCII login without a user. */
const request = hex('c0 01 01 01', '5069636b', '00000008', '01 00 01 01 00 00 00 00');

/** Begins a TACACS+ session without naming a user; the reply, readable or not, carries our session. */
export const tacacs: ServiceProbe = {
  name: 'tacacs',
  help: 'Begins a TACACS+ session without naming a user and reads the reply.',
  services: ['tacacs'],
  transport: 'tcp',
  opens: 'client',
  ports: [49],
  tlsPorts: [],
  proved: 'specification',
  next: (answers) => (answers.length === 0 ? request : null),
  whole: (answer) => answer.length >= 12,
  classify(answers) {
    const answer = answers[0] ?? new Uint8Array(0);
    // The reply is number 2 of the session.
    if (u8(answer, 0) >> 4 !== 12 || u8(answer, 1) !== 1 || u8(answer, 2) !== 2) return null;
    return startsWith(answer.subarray(4), hex('5069636b')) ? { service: 'tacacs', info: 'TACACS+' } : null;
  },
};
