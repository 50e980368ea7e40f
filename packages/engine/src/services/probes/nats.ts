import { latin } from '../bytes.ts';
import { jsonObject } from '../http-response.ts';
import { lineWhole } from '../line-reply.ts';
import type { ServiceProbe } from '../probe.ts';

/** The NATS protocol greets with `INFO {json}`. */
export const nats: ServiceProbe = {
  name: 'nats',
  help: 'Reads the INFO line of a NATS server.',
  services: ['nats'],
  transport: 'tcp',
  opens: 'server',
  ports: [4222],
  tlsPorts: [],
  proved: 'server',
  next: () => null,
  whole: lineWhole,
  classify(answers) {
    const text = latin(answers[0] ?? new Uint8Array(0));
    const info = text.startsWith('INFO {') ? jsonObject(text.slice(5)) : null;
    if (typeof info?.server_id !== 'string' || typeof info.version !== 'string') return null;
    const version = info.version.slice(0, 40);
    return {
      service: 'nats',
      vendor: 'NATS',
      product: 'NATS Server',
      version,
      cpe: `cpe:/a:nats:nats-server:${version}`,
      info: `authentication ${info.auth_required === true ? '' : 'not '}required`,
    };
  },
};
