/**
 * What a host is for, as a table: one row a role, with the protocols, ports and words that speak for it. `roles.ts` reads it.
 * Words are looked for in products, systems and descriptions that the host gave out, and in who made its interface.
 */

/** Roles in the order of importance: the first that a host has is the one it is drawn as. */
export const roleNames = [
  'router',
  'domain-controller',
  'hypervisor',
  'management-controller',
  'industrial',
  'printer',
  'camera',
  'phone',
  'network-device',
  'database-server',
  'mail-server',
  'name-server',
  'directory-server',
  'file-server',
  'web-server',
  'server',
  'workstation',
] as const;
export type RoleName = (typeof roleNames)[number];

/** What speaks for a role. `router`, `domain-controller`, `server` and `workstation` have rules of their own besides. */
export interface RoleRule {
  readonly role: RoleName;
  /** Service names as IANA has them. Spoken: the role is seen. */
  readonly services?: readonly string[];
  /** `tcp/631`: the role is a guess when nothing was identified there. */
  readonly ports?: readonly string[];
  /** In a product, system or description: the role is likely. Linear-time patterns only: alternatives of plain words. */
  readonly words?: RegExp;
  /** In the name of the maker of the interface: a guess. */
  readonly makers?: RegExp;
}

/** One row a role; a role without a row comes from `roles.ts` alone. */
export const roleRules: readonly RoleRule[] = [
  {
    role: 'domain-controller',
    words: /\b(?:active directory|domain controller)\b/i,
  },
  {
    role: 'hypervisor',
    services: ['vmware-auth', 'libvirt'],
    ports: ['tcp/902', 'tcp/8006', 'tcp/16509'],
    // A guest carries its host's maker in the MAC address, so makers say nothing here.
    words: /\b(?:esxi?|vcenter|proxmox|hyper-v server|xenserver|xcp-ng|libvirt|nutanix)\b/i,
  },
  {
    role: 'management-controller',
    services: ['asf-rmcp', 'ipmi', 'redfish'],
    ports: ['udp/623'],
    words: /\b(?:idrac\d*|integrated lights-out|hp ilo|ilo ?[2-6]|xclarity controller|megarac|openbmc|ipmi)\b/i,
  },
  {
    role: 'industrial',
    services: ['modbus', 'mbap', 'iso-tsap', 's7comm', 'bacnet', 'ethernet-ip', 'enip', 'dnp3', 'dnp', 'opcua-tcp'],
    ports: ['tcp/502', 'tcp/102', 'udp/47808', 'tcp/44818', 'tcp/20000', 'tcp/4840'],
    words: /\b(?:simatic|modicon|controllogix|compactlogix|programmable logic controller)\b/i,
  },
  {
    role: 'printer',
    services: ['ipp', 'ipps', 'printer', 'pdl-datastream', 'jetdirect'],
    ports: ['tcp/515', 'tcp/631', 'tcp/9100'],
    words:
      /\b(?:laserjet|officejet|deskjet|jetdirect|imagerunner|bizhub|ecosys|workcentre|versalink|phaser|multifunction printer|printer)\b/i,
  },
  {
    role: 'camera',
    services: ['rtsp'],
    ports: ['tcp/554'],
    words: /\b(?:ip camera|network camera|hikvision|dahua|onvif|reolink|foscam)\b/i,
    makers: /\b(?:hikvision|dahua|axis communications|reolink|hanwha)\b/i,
  },
  {
    role: 'phone',
    services: ['sip', 'sips', 'sip-tls', 'iax', 'h323hostcall', 'sccp'],
    ports: ['tcp/5060', 'udp/5060', 'tcp/5061', 'tcp/2000'],
    words: /\b(?:asterisk|freepbx|freeswitch|kamailio|polycom|yealink|snom|grandstream|ip phone)\b/i,
    makers: /\b(?:yealink|snom|polycom|grandstream|gigaset)\b/i,
  },
  {
    role: 'network-device',
    services: ['bgp', 'ldp', 'winbox', 'capwap-control'],
    ports: ['tcp/179', 'tcp/8291'],
    words:
      /\b(?:cisco ios|ios[- ]x[er]|nx-os|junos|routeros|mikrotik|fortios|fortigate|edgeos|unifi|openwrt|dd-wrt|pfsense|opnsense|vyos|arista eos|arubaos|procurve|pan-os|network switch|access point)\b/i,
    makers: /\b(?:cisco|juniper|mikrotik|routerboard|ubiquiti|fortinet|arista|aruba|extreme networks|ruckus|zyxel)\b/i,
  },
  {
    role: 'database-server',
    services: [
      'mysql',
      'postgresql',
      'ms-sql-s',
      'ms-sql-m',
      'oracle',
      'oracle-tns',
      'mongodb',
      'redis',
      'cassandra',
      'couchdb',
      'elasticsearch',
      'memcache',
      'memcached',
      'influxdb',
      'clickhouse',
      'firebird',
      'gds-db',
      'ibm-db2',
      'neo4j',
    ],
    ports: ['tcp/1433', 'tcp/1521', 'tcp/3306', 'tcp/5432', 'tcp/6379', 'tcp/9042', 'tcp/27017'],
  },
  {
    role: 'mail-server',
    services: ['smtp', 'smtps', 'submission', 'submissions', 'imap', 'imaps', 'pop3', 'pop3s', 'lmtp', 'sieve'],
    ports: ['tcp/25', 'tcp/110', 'tcp/143', 'tcp/465', 'tcp/587', 'tcp/993', 'tcp/995'],
  },
  { role: 'name-server', services: ['domain', 'domain-s', 'dns'], ports: ['tcp/53', 'udp/53'] },
  { role: 'directory-server', services: ['ldap', 'ldaps', 'ldapi'], ports: ['tcp/389', 'tcp/636'] },
  {
    role: 'file-server',
    // SMB alone says nothing: every Windows workstation speaks it.
    services: ['nfs', 'afpovertcp', 'afp', 'ftp', 'ftps', 'rsync', 'iscsi-target', 'iscsi'],
    ports: ['tcp/21', 'tcp/548', 'tcp/873', 'tcp/2049', 'tcp/3260'],
    words: /\b(?:samba|synology|diskstation|qnap|truenas|freenas)\b/i,
  },
  { role: 'web-server', services: ['http', 'https', 'http-alt'], ports: ['tcp/80', 'tcp/443', 'tcp/8080', 'tcp/8443'] },
];

/** Devices whose web page is there to run the device: it makes no web server of them. */
export const rolesWithWebPage: ReadonlySet<RoleName> = new Set([
  'hypervisor',
  'management-controller',
  'industrial',
  'printer',
  'camera',
  'phone',
  'network-device',
]);

/** Editions of systems that are sold for servers. */
export const serverSystems =
  /\b(?:windows (?:nt |2000 )?server|windows 2000 server|windows 2003|red hat enterprise|rhel|centos|rocky linux|almalinux|suse linux enterprise|ubuntu server|solaris|aix|hp-ux|z\/os|windows storage server)\b/i;

/** Systems that stand on servers and on desks: one that serves something is a server. */
export const generalSystems = /\b(?:linux|debian|ubuntu|fedora|opensuse|suse|freebsd|openbsd|netbsd|unix)\b/i;

/** Systems of people's desks. */
export const workstationSystems =
  /\b(?:windows (?:xp|vista|7|8|8\.1|10|11)|mac ?os(?: x)?|os x|chrome ?os|linux mint)\b/i;

/** Roles that make a general system a server. */
export const servingRoles: ReadonlySet<RoleName> = new Set([
  'domain-controller',
  'database-server',
  'mail-server',
  'name-server',
  'directory-server',
  'file-server',
  'web-server',
]);
