import { ascii, latin } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** AuditEndpoint of all end points (RFC 3435 section 2.3.10); any return code with our number is MGCP. */
export const mgcp: ServiceProbe = {
  name: 'mgcp',
  help: 'Audits the end points of a media gateway.',
  services: ['mgcp-gateway'],
  transport: 'udp',
  opens: 'client',
  ports: [2427],
  tlsPorts: [],
  proved: 'specification',
  next: (answers) => (answers.length === 0 ? ascii('AUEP 80105 *@picket.invalid MGCP 1.0\r\n') : null),
  classify(answers) {
    const code = /^([1-9][0-9]{2}) 80105(?: ([^\r\n]{0,120}))?\r?\n?/.exec(
      latin(answers[0] ?? new Uint8Array(0)).slice(0, 300),
    );
    return code ? { service: 'mgcp-gateway', info: `code ${code[1]}${code[2] ? `: ${code[2]}` : ''}` } : null;
  },
};
