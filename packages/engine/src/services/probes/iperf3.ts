import { ascii, u8 } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** A client sends a cookie of 37 bytes; the server answers with one state: PARAM_EXCHANGE (9) or ACCESS_DENIED (255). */
export const iperf3: ServiceProbe = {
  name: 'iperf3',
  help: 'Sends the cookie of an iperf3 client and reads the state of the server; no measurement begins.',
  services: ['iperf3'],
  transport: 'tcp',
  opens: 'client',
  ports: [5201],
  tlsPorts: [],
  proved: 'server',
  next: (answers) => (answers.length === 0 ? ascii(`picket${'a'.repeat(30)}\0`) : null),
  classify(answers) {
    const answer = answers[0] ?? new Uint8Array(0);
    if (answer.length !== 1 || ![9, 255].includes(u8(answer, 0))) return null;
    return { service: 'iperf3', product: 'iperf3', confidence: 0.9, info: u8(answer, 0) === 9 ? 'ready' : 'busy' };
  },
};
