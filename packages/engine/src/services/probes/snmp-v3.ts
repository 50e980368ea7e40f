import { u32be } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';
import { decodeEngineId, snmpDiscovery } from '../snmp-message.ts';

/** Enterprise numbers (IANA) of engine ids seen often. */
const enterprises: Readonly<Record<number, string>> = {
  8072: 'Net-SNMP',
  9: 'Cisco',
  11: 'HP',
  2011: 'Huawei',
  2636: 'Juniper',
  311: 'Microsoft',
  14988: 'MikroTik',
  12356: 'Fortinet',
};

/** Discovers the engine id of an SNMPv3 agent, which needs no user. */
export const snmpV3: ServiceProbe = {
  name: 'snmp-v3',
  help: 'Discovers the engine id of an SNMPv3 agent, which needs no user.',
  services: ['snmp'],
  transport: 'udp',
  opens: 'client',
  ports: [161],
  tlsPorts: [],
  fallbackRank: 3,
  proved: 'server',
  next: (answers) => (answers.length === 0 ? snmpDiscovery : null),
  classify(answers) {
    const engine = decodeEngineId(answers[0] ?? new Uint8Array(0));
    if (!engine) return null;
    const maker = enterprises[u32be(engine, 0) % 0x80000000];
    return {
      service: 'snmp',
      info: `SNMPv3, engine ${Buffer.from(engine).toString('hex')}`,
      ...(maker === undefined ? {} : { vendor: maker }),
      ...(maker === 'Net-SNMP' ? { product: 'Net-SNMP', cpe: 'cpe:/a:net-snmp:net-snmp:-' } : {}),
    };
  },
};
