import { ascii, latin } from '../bytes.ts';
import { sipIdentification, sipOptions } from '../sip-message.ts';
import type { ServiceProbe } from '../probe.ts';

/** Asks for OPTIONS over TCP. */
export const sip: ServiceProbe = {
  name: 'sip',
  help: 'Asks for OPTIONS over TCP.',
  services: ['sip'],
  transport: 'tcp',
  opens: 'client',
  ports: [5060, 5080],
  tlsPorts: [5061],
  proved: 'specification',
  next: (answers, context) => (answers.length === 0 ? ascii(sipOptions(context, context.tls ? 'TLS' : 'TCP')) : null),
  whole: (answer) => latin(answer).includes('\r\n\r\n'),
  classify: (answers) => sipIdentification(answers[0] ?? new Uint8Array(0)),
};
