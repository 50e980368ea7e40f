import type { ServiceProbe } from '../probe.ts';
import { stunBinding, stunIdentification, stunWhole } from '../stun-message.ts';

/** Asks a STUN or TURN server how it sees us, over TCP. */
export const stun: ServiceProbe = {
  name: 'stun',
  help: 'Asks a STUN or TURN server how it sees us, over TCP.',
  services: ['stun'],
  transport: 'tcp',
  opens: 'client',
  ports: [3478],
  tlsPorts: [5349],
  proved: 'server',
  next: (answers) => (answers.length === 0 ? stunBinding : null),
  whole: stunWhole,
  classify: (answers) => stunIdentification(answers[0] ?? new Uint8Array(0)),
};
