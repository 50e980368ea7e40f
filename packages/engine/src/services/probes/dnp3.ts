import { hex, u16be, u8 } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** Request Link Status (control 0xc9) from station 4 to station 1, with its CRC (IEEE 1815-2012 section 9.2). */
const request = hex('05 64 05 c9 01 00 04 00 ca 2d');

/** Asks an outstation for the status of the link. */
export const dnp3: ServiceProbe = {
  name: 'dnp3',
  help: 'Asks a DNP3 outstation for the status of its link.',
  services: ['dnp'],
  transport: 'tcp',
  opens: 'client',
  ports: [20000],
  tlsPorts: [],
  proved: 'specification',
  fragile: true,
  next: (answers) => (answers.length === 0 ? request : null),
  classify(answers) {
    const answer = answers[0] ?? new Uint8Array(0);
    // The direction bit of an outstation is not set.
    if (answer.length < 10 || u16be(answer, 0) !== 0x0564 || u8(answer, 2) < 5 || (u8(answer, 3) & 0xc0) === 0xc0)
      return null;
    return { service: 'dnp', info: `function ${u8(answer, 3) & 15}` };
  },
};
