/** What an SNMP object identifier of an agent (sysObjectID, RFC 3418 section 2) tells of the system that it runs on. */
export interface AgentSystem {
  /** Registered owner of the number. */
  readonly vendor: string;
  readonly path?: readonly string[];
  /** 0 to 1. */
  readonly confidence: number;
  readonly role?: 'client' | 'server';
}

/** Owners of private enterprise numbers that agents are often seen with (IANA, "Private Enterprise Numbers"), and their system where they make one only. */
const enterprises: Readonly<Record<number, readonly [vendor: string, system?: string]>> = {
  2: ['IBM'],
  9: ['Cisco', 'cisco'],
  11: ['HP'],
  36: ['DEC'],
  42: ['Sun', 'solaris'],
  43: ['3Com'],
  45: ['SynOptics'],
  63: ['Apple', 'darwin'],
  94: ['Nokia'],
  111: ['Oracle'],
  171: ['D-Link'],
  207: ['Allied Telesis'],
  236: ['Samsung'],
  253: ['Xerox'],
  311: ['Microsoft', 'windows'],
  318: ['APC'],
  343: ['Intel'],
  367: ['Ricoh'],
  388: ['Symbol'],
  476: ['Liebert'],
  534: ['Eaton'],
  641: ['Lexmark'],
  674: ['Dell'],
  789: ['NetApp'],
  890: ['Zyxel'],
  1248: ['Epson'],
  1347: ['Kyocera'],
  1588: ['Brocade'],
  1602: ['Canon'],
  1916: ['Extreme Networks'],
  1991: ['Foundry'],
  2011: ['Huawei'],
  2435: ['Brother'],
  2636: ['Juniper', 'junos'],
  3375: ['F5'],
  3417: ['Blue Coat'],
  3955: ['Linksys'],
  4329: ['Siemens'],
  4413: ['Broadcom'],
  4526: ['Netgear'],
  5624: ['Enterasys'],
  6027: ['Force10'],
  6486: ['Alcatel-Lucent'],
  6527: ['Nokia'],
  6574: ['Synology', 'linux/dsm'],
  6876: ['VMware', 'esxi'],
  8072: ['Net-SNMP'],
  8691: ['Moxa'],
  8741: ['SonicWall'],
  10002: ['Ubiquiti', 'linux'],
  12325: ['Fokus'],
  12356: ['Fortinet', 'fortios'],
  14179: ['Airespace'],
  14823: ['Aruba'],
  14988: ['MikroTik', 'linux/routeros'],
  18334: ['Konica Minolta'],
  24681: ['QNAP', 'linux/qts'],
  25461: ['Palo Alto Networks'],
  25506: ['H3C'],
  30065: ['Arista', 'linux'],
  41112: ['Ubiquiti', 'linux'],
};

/** `netSnmpAgentOIDs` below 1.3.6.1.4.1.8072.3.2 (NET-SNMP-TC MIB). */
const netSnmpSystems: Readonly<Record<number, string>> = {
  3: 'solaris',
  6: 'hp-ux',
  7: 'netbsd',
  8: 'freebsd',
  10: 'linux',
  12: 'openbsd',
  13: 'windows',
  14: 'hp-ux',
  15: 'aix',
  16: 'darwin',
};

/** The owner of a private enterprise number, where it is listed here. */
export function enterpriseVendor(number: number): string | undefined {
  return enterprises[number]?.[0];
}

/** Reads a dotted object identifier; null when it names no registered enterprise that is listed here. */
export function agentSystem(objectId: string): AgentSystem | null {
  const numbers = objectId.split('.').map(Number);
  if (numbers.slice(0, 6).join('.') !== '1.3.6.1.4.1') return null;
  const [enterprise = 0, ...rest] = numbers.slice(6);
  const [vendor, system] = enterprises[enterprise] ?? [];
  if (vendor === undefined) return null;
  if (enterprise === 8072) return netSnmp(vendor, rest);
  // 1.3.6.1.4.1.311.1.1.3.1: 1 workstation, 2 server, 3 domain controller (Microsoft's MSFT.MIB).
  const kind = enterprise === 311 && rest.slice(0, 4).join('.') === '1.1.3.1' ? rest[4] : undefined;
  return {
    vendor,
    confidence: system === undefined ? 0 : 0.8,
    ...(system === undefined ? {} : { path: system.split('/') }),
    ...(kind === 1 ? { role: 'client' as const } : kind === 2 || kind === 3 ? { role: 'server' as const } : {}),
  };
}

function netSnmp(vendor: string, rest: readonly number[]): AgentSystem {
  const system = rest[0] === 3 && rest[1] === 2 ? netSnmpSystems[rest[2] ?? 0] : undefined;
  return system === undefined ? { vendor, confidence: 0 } : { vendor, confidence: 0.9, path: system.split('/') };
}
