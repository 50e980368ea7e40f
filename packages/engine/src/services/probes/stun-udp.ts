import type { ServiceProbe } from '../probe.ts';
import { stunBinding, stunIdentification } from '../stun-message.ts';

/** Asks a STUN or TURN server how it sees us, over UDP. */
export const stunUdp: ServiceProbe = {
  name: 'stun-udp',
  help: 'Asks a STUN or TURN server how it sees us, over UDP.',
  services: ['stun'],
  transport: 'udp',
  opens: 'client',
  ports: [3478, 5349],
  tlsPorts: [],
  fallbackRank: 9,
  proved: 'server',
  next: (answers) => (answers.length === 0 ? stunBinding : null),
  classify: (answers) => stunIdentification(answers[0] ?? new Uint8Array(0)),
};
