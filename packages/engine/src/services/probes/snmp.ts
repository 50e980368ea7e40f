import { decodeText } from '@picket/checks/fingerprints/decode-text';
import { berObjectId } from '../ber.ts';
import type { Identification, ServiceProbe } from '../probe.ts';
import { decodeSnmpResponse, snmpGet, snmpOids } from '../snmp-message.ts';

/** Reads the system description, name and maker over SNMPv2c with the community "public". */
export const snmp: ServiceProbe = {
  name: 'snmp',
  help: 'Reads the system description, name and maker over SNMPv2c with the community "public".',
  services: ['snmp'],
  transport: 'udp',
  opens: 'client',
  ports: [161],
  tlsPorts: [],
  fallbackRank: 2,
  proved: 'server',
  next: (answers) => (answers.length === 0 ? snmpGet : null),
  classify(answers) {
    const values = decodeSnmpResponse(answers[0] ?? new Uint8Array(0));
    if (!values) return null;
    const description = values.get(snmpOids.description);
    const name = values.get(snmpOids.name);
    const objectId = berObjectId(values.get(snmpOids.objectId) ?? new Uint8Array(0));
    return {
      service: 'snmp',
      info: `SNMPv2c, community "public"${objectId === null ? '' : `, object id ${objectId}`}${description ? `: ${decodeText(description)}` : ''}`,
      ...(name && name.length > 0 ? { hostname: decodeText(name) } : {}),
      ...netSnmp(values),
      ...(description ? { banners: [{ database: 'snmp.sys_description', text: decodeText(description) }] } : {}),
    };
  },
};

/** Net-SNMP where the agent says so: 1.3.6.1.4.1.8072 is its enterprise number, and only it has a version tag. */
function netSnmp(values: ReadonlyMap<string, Uint8Array>): Partial<Identification> {
  const tag = decodeText(values.get(snmpOids.netSnmpVersion) ?? new Uint8Array(0));
  const version = /^[1-9][0-9]?\.[0-9][0-9A-Za-z.]{0,20}$/.test(tag) ? tag : undefined;
  const objectId = Buffer.from(values.get(snmpOids.objectId) ?? new Uint8Array(0)).toString('hex');
  if (version === undefined && !objectId.startsWith('2b06010401bf08')) return {};
  return {
    vendor: 'Net-SNMP',
    product: 'Net-SNMP',
    cpe: `cpe:/a:net-snmp:net-snmp:${version ?? '-'}`,
    ...(version === undefined ? {} : { version }),
  };
}
