import { ascii, concat, hex, latin, startsWith, u32le } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

const key = ascii('agent.version');
/** Zabbix protocol header: `ZBXD`, flags 1, length in 64 bits, little-endian; then the key of a passive check. */
const header = ascii('ZBXD\x01');
const request = concat(header, Uint8Array.of(key.length), hex('00 00 00 00 00 00 00'), key);

/** Asks an agent for its own version; agents that know other servers only close the connection. */
export const zabbixAgent: ServiceProbe = {
  name: 'zabbix-agent',
  help: 'Asks a Zabbix agent for its version.',
  services: ['zabbix-agent'],
  transport: 'tcp',
  opens: 'client',
  ports: [10050],
  tlsPorts: [],
  proved: 'server',
  next: (answers) => (answers.length === 0 ? request : null),
  whole: (answer) => answer.length >= 13 && answer.length >= 13 + u32le(answer, 5),
  classify(answers) {
    const answer = answers[0] ?? new Uint8Array(0);
    if (!startsWith(answer, header) || answer.length < 14 || u32le(answer, 5) !== answer.length - 13) return null;
    const text = latin(answer.subarray(13, 60));
    if (!/^[0-9]+\.[0-9]+\.[0-9]+/.test(text)) return text.startsWith('ZBX_') ? { service: 'zabbix-agent' } : null;
    return {
      service: 'zabbix-agent',
      vendor: 'Zabbix',
      product: 'Zabbix agent',
      version: text,
      cpe: `cpe:/a:zabbix:zabbix_agent:${text}`,
    };
  },
};
