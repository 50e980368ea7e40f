import { latin } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** The ra_svn protocol greets with `( success ( minver maxver ( ... ) ( capability ... ) ) )`. */
export const svn: ServiceProbe = {
  name: 'svn',
  help: 'Reads the greeting of a Subversion server.',
  services: ['svn'],
  transport: 'tcp',
  opens: 'server',
  ports: [3690],
  tlsPorts: [],
  proved: 'server',
  next: () => null,
  classify(answers) {
    const greeting = /^\( success \( [0-9]+ ([0-9]+) \( [^)]*\) \(([^)]{0,300})\)/.exec(
      latin(answers[0] ?? new Uint8Array(0)),
    );
    if (!greeting) return null;
    return {
      service: 'svn',
      vendor: 'Apache',
      product: 'Subversion',
      cpe: 'cpe:/a:apache:subversion:-',
      info: `protocol ${greeting[1]}, ${(greeting[2] ?? '').trim()}`,
    };
  },
};
