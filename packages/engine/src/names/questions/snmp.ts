import { decodeText } from '@picket/checks/fingerprints/decode-text';
import { oneLine } from '../../services/printable.ts';
import { decodeSnmpResponse, snmpGet } from '../../services/snmp-message.ts';
import { askUdp, type NameQuestion, spokenService } from '../name-question.ts';

/** Object identifiers in hex: sysDescr.0 and sysName.0 (RFC 3418 section 2). */
const sysDescr = '2b06010201010100';
const sysName = '2b06010201010500';

/** SNMPv2c with the community `public`: devices that answer tell their administrative name. */
export const snmp: NameQuestion = {
  name: 'snmp',
  help: 'Reads sysName and sysDescr (UDP 161) with the community "public".',
  protocol: 'udp',
  port: 161,
  async ask(address, tools) {
    const [answer] = await askUdp({ address, port: 161 }, snmpGet, tools);
    const values = answer ? decodeSnmpResponse(answer) : null;
    if (!values) return null;
    const told = (oid: string) => oneLine(decodeText(values.get(oid) ?? new Uint8Array(0)), 255);
    const name = told(sysName);
    const description = told(sysDescr);
    return {
      names: name === '' ? [] : [{ name, source: 'snmp' }],
      service: spokenService('snmp', {
        info: `SNMPv2c, community "public"${description === '' ? '' : `: ${description}`}`,
        ...(name === '' ? {} : { hostname: name }),
      }),
    };
  },
};
