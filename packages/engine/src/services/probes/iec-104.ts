import { hex, startsWith } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** TESTFR act and con (IEC 60870-5-104 section 5.1): asks whether the other end lives, moves no data. */
const request = hex('68 04 43 00 00 00');
const confirmation = hex('68 04 83 00 00 00');

/** Tests the link to a telecontrol station. */
export const iec104: ServiceProbe = {
  name: 'iec-104',
  help: 'Tests the link to a telecontrol station.',
  services: ['iec-104'],
  transport: 'tcp',
  opens: 'client',
  ports: [2404],
  tlsPorts: [],
  proved: 'specification',
  fragile: true,
  next: (answers) => (answers.length === 0 ? request : null),
  classify: (answers) => (startsWith(answers[0] ?? new Uint8Array(0), confirmation) ? { service: 'iec-104' } : null),
};
