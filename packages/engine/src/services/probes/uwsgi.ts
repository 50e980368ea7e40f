import { hex, u8 } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** A packet of the uwsgi protocol with modifier 100 is a ping; the same modifier with a second one of 1 is the pong. */
export const uwsgi: ServiceProbe = {
  name: 'uwsgi',
  help: 'Pings a uWSGI application server.',
  services: ['uwsgi'],
  transport: 'tcp',
  opens: 'client',
  ports: [3031],
  tlsPorts: [],
  proved: 'specification',
  next: (answers) => (answers.length === 0 ? hex('64 00 00 00') : null),
  classify(answers) {
    const answer = answers[0] ?? new Uint8Array(0);
    return answer.length === 4 && u8(answer, 0) === 100 && u8(answer, 3) === 1
      ? { service: 'uwsgi', vendor: 'unbit', product: 'uWSGI', cpe: 'cpe:/a:unbit:uwsgi:-' }
      : null;
  },
};
