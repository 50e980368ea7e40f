import { ascii } from '../bytes.ts';
import { sipIdentification, sipOptions } from '../sip-message.ts';
import type { ServiceProbe } from '../probe.ts';

/** Asks for OPTIONS over UDP. */
export const sipUdp: ServiceProbe = {
  name: 'sip-udp',
  help: 'Asks for OPTIONS over UDP.',
  services: ['sip'],
  transport: 'udp',
  opens: 'client',
  ports: [5060],
  tlsPorts: [],
  fallbackRank: 5,
  proved: 'specification',
  next: (answers, context) => (answers.length === 0 ? ascii(sipOptions(context, 'UDP')) : null),
  classify: (answers) => sipIdentification(answers[0] ?? new Uint8Array(0)),
};
