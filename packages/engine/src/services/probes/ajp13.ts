import { hex, startsWith } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** CPing (0x0a) of AJP 1.3: magic 0x1234 from the web server; CPong (0x09) with magic `AB` comes back. */
export const ajp13: ServiceProbe = {
  name: 'ajp13',
  help: 'Sends a CPing of the Apache JServ protocol.',
  services: ['ajp13'],
  transport: 'tcp',
  opens: 'client',
  ports: [8009],
  tlsPorts: [],
  proved: 'specification',
  next: (answers) => (answers.length === 0 ? hex('12 34 00 01 0a') : null),
  classify: (answers) =>
    answers[0]?.length === 5 && startsWith(answers[0], hex('41 42 00 01 09')) ? { service: 'ajp13' } : null,
};
