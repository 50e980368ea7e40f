import { hex, u8 } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** Bolt handshake: magic 6060b017 and four proposals: 5.0 to 5.4, 4.1 to 4.4, 4.0, 3.0. The server picks one, or 0. */
const request = hex('60 60 b0 17', '00 04 04 05', '00 03 04 04', '00 00 00 04', '00 00 00 03');

/** Agrees on a version of the Bolt protocol of graph databases. */
export const bolt: ServiceProbe = {
  name: 'bolt',
  help: 'Agrees on a version of the Bolt protocol with a graph database.',
  services: ['bolt'],
  transport: 'tcp',
  opens: 'client',
  ports: [7687],
  tlsPorts: [7687],
  proved: 'specification',
  next: (answers) => (answers.length === 0 ? request : null),
  whole: (answer) => answer.length >= 4,
  classify(answers) {
    const answer = answers[0] ?? new Uint8Array(0);
    if (answer.length !== 4 || u8(answer, 0) !== 0 || u8(answer, 1) !== 0) return null;
    const [minor, major] = [u8(answer, 2), u8(answer, 3)];
    const picked = (major === 5 && minor <= 4) || (major === 4 && minor <= 4) || (major === 3 && minor === 0);
    return picked ? { service: 'bolt', info: `Bolt ${major}.${minor}` } : null;
  },
};
