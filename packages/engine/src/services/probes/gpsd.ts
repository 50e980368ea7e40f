import { latin } from '../bytes.ts';
import { jsonObject } from '../http-response.ts';
import { lineWhole } from '../line-reply.ts';
import type { ServiceProbe } from '../probe.ts';

/** gpsd greets with a JSON object of class VERSION. */
export const gpsd: ServiceProbe = {
  name: 'gpsd',
  help: 'Reads the greeting of a server of satellite positions.',
  services: ['gpsd'],
  transport: 'tcp',
  opens: 'server',
  ports: [2947],
  tlsPorts: [],
  proved: 'server',
  next: () => null,
  whole: lineWhole,
  classify(answers) {
    const text = latin((answers[0] ?? new Uint8Array(0)).subarray(0, 500));
    const json = text.startsWith('{"class":"VERSION"') ? jsonObject(text.split('\n')[0] ?? '') : null;
    const version = json?.release;
    if (typeof version !== 'string' || !/^[0-9][0-9A-Za-z.]{0,20}/.test(version)) return null;
    return { service: 'gpsd', vendor: 'gpsd', product: 'gpsd', version, cpe: `cpe:/a:gpsd_project:gpsd:${version}` };
  },
};
