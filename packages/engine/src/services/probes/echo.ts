import { ascii } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** RFC 862. The conversation itself notices when what was sent comes back (`converse.ts`), on any port, and names it. */
export const echo: ServiceProbe = {
  name: 'echo',
  help: 'Sends a word and sees whether it comes back.',
  services: ['echo'],
  transport: 'tcp',
  opens: 'client',
  ports: [7],
  tlsPorts: [],
  proved: 'server',
  next: (answers) => (answers.length === 0 ? ascii('picket-echo-test\r\n') : null),
  classify: () => null,
};
