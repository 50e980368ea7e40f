import { hex, startsWith } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** A Citrix server repeats `7f 7f ICA 00` every few seconds until the client speaks. */
export const ica: ServiceProbe = {
  name: 'ica',
  help: 'Reads the greeting of a Citrix terminal server.',
  services: ['ica'],
  transport: 'tcp',
  opens: 'server',
  ports: [1494],
  tlsPorts: [],
  proved: 'specification',
  next: () => null,
  classify: (answers) =>
    startsWith(answers[0] ?? new Uint8Array(0), hex('7f 7f 49 43 41 00'))
      ? { service: 'ica', vendor: 'Citrix', product: 'Virtual Apps and Desktops' }
      : null,
};
