import { u32be } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** RFC 868: four bytes, the seconds since 1900. Taken for it on its own port alone, since any four bytes look like that. */
export const time: ServiceProbe = {
  name: 'time',
  help: 'Reads the four bytes of the time protocol on port 37.',
  services: ['time'],
  transport: 'tcp',
  opens: 'server',
  ports: [37],
  tlsPorts: [],
  proved: 'server',
  next: () => null,
  classify(answers, context) {
    const answer = answers[0] ?? new Uint8Array(0);
    // 2020 to 2036, where the 32 bits end.
    return context.port === 37 && answer.length === 4 && u32be(answer, 0) > 3_786_825_600
      ? { service: 'time', confidence: 0.8 }
      : null;
  },
};
