import { ascii, latin } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** CONNECT (STOMP 1.2) without a login: CONNECTED or ERROR comes back; `server` names the broker. */
export const stomp: ServiceProbe = {
  name: 'stomp',
  help: 'Connects to a message broker by STOMP without a login and reads how it answers.',
  services: ['stomp'],
  transport: 'tcp',
  opens: 'client',
  ports: [61613],
  tlsPorts: [61614],
  proved: 'specification',
  next: (answers) => (answers.length === 0 ? ascii('CONNECT\naccept-version:1.0,1.1,1.2\nhost:/\n\n\0') : null),
  whole: (answer) => answer.includes(0),
  classify(answers) {
    const text = latin((answers[0] ?? new Uint8Array(0)).subarray(0, 2048));
    const frame = /^(CONNECTED|ERROR)\r?\n(?:[a-z-]{2,30}:[^\n]{0,300}\n)+/.exec(text);
    if (!frame) return null;
    const [, name, version] = /^server:([A-Za-z-]{2,30})\/([0-9][0-9A-Za-z.]{0,20})/m.exec(frame[0]) ?? [];
    return {
      service: 'stomp',
      info: frame[1] === 'CONNECTED' ? 'lets clients in without a login' : 'asks for a login',
      ...(name ? { product: name } : {}),
      ...(version ? { version } : {}),
    };
  },
};
