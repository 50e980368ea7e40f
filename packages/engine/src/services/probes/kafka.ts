import { hex, u16be, u32be } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** ApiVersions (key 18) version 0, correlation id "Pick", client id "picket" (Kafka protocol guide). */
const request = hex('00000010', '0012 0000 5069636b 0006 7069636b6574');

/** Asks a Kafka broker which requests it knows. */
export const kafka: ServiceProbe = {
  name: 'kafka',
  help: 'Asks a Kafka broker which requests it knows.',
  services: ['kafka'],
  transport: 'tcp',
  opens: 'client',
  ports: [9092],
  tlsPorts: [9093],
  proved: 'specification',
  next: (answers) => (answers.length === 0 ? request : null),
  whole: (answer) => answer.length >= 4 && answer.length >= 4 + Math.min(u32be(answer, 0), 60_000),
  classify(answers) {
    const answer = answers[0] ?? new Uint8Array(0);
    if (u32be(answer, 0) !== answer.length - 4 || u32be(answer, 4) !== 0x5069636b || u16be(answer, 8) > 120)
      return null;
    const count = u32be(answer, 10);
    if (count < 0 || count > 200 || answer.length < 14 + count * 6) return null;
    return {
      service: 'kafka',
      vendor: 'Apache',
      product: 'Kafka',
      info: `${count} kinds of requests`,
      cpe: 'cpe:/a:apache:kafka:-',
    };
  },
};
