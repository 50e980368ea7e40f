import { ascii, latin } from '../bytes.ts';
import { jsonObject } from '../http-response.ts';
import type { ServiceProbe } from '../probe.ts';

/** `list_dbs` (RFC 7047 section 4.1.1): JSON-RPC without framing; reads only. */
export const ovsdb: ServiceProbe = {
  name: 'ovsdb',
  help: 'Asks an Open vSwitch database server for the names of its databases.',
  services: ['ovsdb'],
  transport: 'tcp',
  opens: 'client',
  ports: [6640],
  tlsPorts: [],
  proved: 'server',
  next: (answers) => (answers.length === 0 ? ascii('{"id":"picket","method":"list_dbs","params":[]}') : null),
  classify(answers) {
    const text = latin((answers[0] ?? new Uint8Array(0)).subarray(0, 4096));
    const json = jsonObject(text);
    if (json?.id !== 'picket' || !Array.isArray(json.result)) return null;
    const names = json.result.filter((name) => typeof name === 'string').slice(0, 8);
    return {
      service: 'ovsdb',
      vendor: 'Open vSwitch',
      product: 'OVSDB server',
      info: `databases: ${names.join(', ')}`,
    };
  },
};
