import { enterpriseVendor } from '../../os/enterprise-numbers.ts';
import { u32be } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';
import { decodeEngineId, snmpDiscovery } from '../snmp-message.ts';

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
    const maker = enterpriseVendor(u32be(engine, 0) % 0x80000000);
    return {
      service: 'snmp',
      info: `SNMPv3, engine ${Buffer.from(engine).toString('hex')}`,
      ...(maker === undefined ? {} : { vendor: maker }),
      ...(maker === 'Net-SNMP' ? { product: 'Net-SNMP', cpe: 'cpe:/a:net-snmp:net-snmp:-' } : {}),
    };
  },
};
