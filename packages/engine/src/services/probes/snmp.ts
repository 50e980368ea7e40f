import { decodeText } from '@picket/checks/fingerprints/decode-text';
import type { ServiceProbe } from '../probe.ts';
import { decodeSnmpResponse, snmpGet } from '../snmp-message.ts';

/** Reads the system description and name over SNMPv2c with the community "public". */
export const snmp: ServiceProbe = {
  name: 'snmp',
  help: 'Reads the system description and name over SNMPv2c with the community "public".',
  services: ['snmp'],
  transport: 'udp',
  opens: 'client',
  ports: [161],
  tlsPorts: [],
  fallbackRank: 2,
  next: (answers) => (answers.length === 0 ? snmpGet : null),
  classify(answers) {
    const values = decodeSnmpResponse(answers[0] ?? new Uint8Array(0));
    if (!values) return null;
    const description = values.get('2b06010201010100');
    const name = values.get('2b06010201010500');
    return {
      service: 'snmp',
      info: `SNMPv2c, community "public"${description ? `: ${decodeText(description)}` : ''}`,
      ...(name && name.length > 0 ? { hostname: decodeText(name) } : {}),
      ...(description ? { banners: [{ database: 'snmp.sys_description', text: decodeText(description) }] } : {}),
    };
  },
};
