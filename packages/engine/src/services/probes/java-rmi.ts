import { hex, latin, u16be, u8 } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** Java RMI transport: `JRMI`, version 2, stream protocol (0x4b); ProtocolAck (0x4e) names how we are seen. */
export const javaRmi: ServiceProbe = {
  name: 'java-rmi',
  help: 'Opens the stream protocol of Java RMI.',
  services: ['rmiregistry'],
  transport: 'tcp',
  opens: 'client',
  ports: [1099, 1098, 1090, 11099, 47001, 9010],
  tlsPorts: [],
  proved: 'specification',
  next: (answers) => (answers.length === 0 ? hex('4a 52 4d 49 00 02 4b') : null),
  classify(answers) {
    const answer = answers[0] ?? new Uint8Array(0);
    const length = u16be(answer, 1);
    if (u8(answer, 0) !== 0x4e || length < 2 || length > 255 || answer.length !== 3 + length + 4) return null;
    return /^[0-9A-Za-z.:%_-]+$/.test(latin(answer.subarray(3, 3 + length)))
      ? { service: 'rmiregistry', product: 'Java RMI' }
      : null;
  },
};
