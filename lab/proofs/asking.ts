import type { ClientCall, ProofTarget } from './proof.ts';

/** How ordinary clients make a service say what it is, without Picket and without a log-in. */
export interface Asking {
  /** `tls`: the service speaks inside TLS. Their outputs are read as one. */
  readonly calls: (target: ProofTarget, tls: boolean) => readonly ClientCall[];
  /** Their output when the service is what its name says. */
  readonly speaks: RegExp;
  /** The output holds version numbers of the client itself, so that it can't show that the service keeps its own back. */
  readonly noisy?: boolean;
}

/** Connects, sends `input` (or nothing) and prints what comes within some seconds. */
function talk(input = '') {
  return (target: ProofTarget, tls: boolean): readonly ClientCall[] => {
    const end = target.address.includes(':') ? `[${target.address}]` : target.address;
    const where = `${target.transport.toUpperCase()}:${end}:${target.port}`;
    const inside = `OPENSSL:${end}:${target.port},verify=0`;
    return [{ argv: ['socat', '-t', '3', '-', tls ? inside : where], input }];
  };
}

const url = ({ address, port }: ProofTarget, scheme: string) =>
  `${scheme}://${address.includes(':') ? `[${address}]` : address}:${port}/`;

const curl = ['curl', '-sS', '-i', '-k', '--ciphers', 'DEFAULT@SECLEVEL=0', '--max-time', '4'];

const http: Asking = {
  calls: (target, tls) => [{ argv: [...curl, url(target, tls ? 'https' : 'http')] }],
  speaks: /^HTTP\/[\d.]+ \d{3}/,
};

const smb: Asking = {
  calls: ({ address, port }) => [
    { argv: ['smbclient', '-s', '/dev/null', '-d', '10', '-N', '-p', String(port), '-L', address] },
  ],
  speaks: /challenge: struct CHALLENGE_MESSAGE/,
  noisy: true,
};

/** By service name. */
export const askings: Readonly<Record<string, Asking>> = {
  domain: {
    calls: ({ address, port, transport }) => [
      {
        argv: [
          'dig',
          '+nocmd',
          '+nocookie',
          transport === 'tcp' ? '+tcp' : '+notcp',
          '-p',
          String(port),
          `@${address}`,
          'version.bind',
          'CH',
          'TXT',
        ],
      },
    ],
    speaks: /opcode: QUERY, status: /,
  },
  echo: { calls: talk('say this again\n'), speaks: /say this again/ },
  ftp: { calls: talk('QUIT\r\n'), speaks: /^220[ -]/ },
  http,
  'http-proxy': http,
  imap: { calls: talk('a LOGOUT\r\n'), speaks: /^\* OK / },
  ldap: {
    // An outdated version of the protocol: the refusal is in the server's own words.
    calls: (target) => [{ argv: ['ldapsearch', '-x', '-P', '2', '-s', 'base', '-b', '', '-H', url(target, 'ldap')] }],
    speaks: /Protocol error \(2\)/,
  },
  memcache: {
    calls: (target, tls) =>
      talk(
        target.transport === 'tcp'
          ? 'version\r\nquit\r\n'
          : '\u0000\u0001\u0000\u0000\u0000\u0001\u0000\u0000version\r\n',
      )(target, tls),
    speaks: /VERSION \d|CLIENT_ERROR unauthenticated/,
  },
  'microsoft-ds': smb,
  mqtt: {
    calls: ({ address, port }) => [
      {
        argv: ['mosquitto_sub', '-h', address, '-p', String(port), '-t', '$SYS/broker/version', '-C', '1', '-W', '4'],
      },
    ],
    speaks: /mosquitto version|not authorised/i,
  },
  mysql: { calls: talk(), speaks: /^.\0\0\0\n5\.5\.5-|is not allowed to connect/s },
  'netbios-ssn': smb,
  pop3: { calls: talk('QUIT\r\n'), speaks: /^\+OK / },
  postgresql: {
    calls: ({ address, port }) => [{ argv: ['pg_isready', '-h', address, '-p', String(port)] }],
    speaks: /accepting connections/,
  },
  redis: {
    calls: ({ address, port }) => [{ argv: ['redis-cli', '-h', address, '-p', String(port), 'INFO', 'server'] }],
    speaks: /redis_version:|NOAUTH/,
  },
  rfb: { calls: talk(), speaks: /^RFB \d{3}\.\d{3}/ },
  rsync: { calls: talk(), speaks: /^@RSYNCD: / },
  smtp: { calls: talk('QUIT\r\n'), speaks: /^220[ -].*E?SMTP/ },
  snmp: {
    calls: ({ address, port }) => {
      const end = ['-t', '1', '-r', '0', `${address}:${port}`];
      return [
        // The engine id of version 3 begins with the maker's number; it stands in the dump of the answer.
        { argv: ['snmpget', '-v3', '-l', 'noAuthNoPriv', '-u', 'nobody', '-d', ...end, '1.3.6.1.2.1.1.1.0'] },
        { argv: ['snmpget', '-v2c', '-c', 'public', ...end, '1.3.6.1.4.1.2021.100.2.0'] },
      ];
    },
    speaks: /Received \d+ byte packet/,
  },
  ssh: { calls: talk(), speaks: /^SSH-2\.0-/ },
  sunrpc: {
    calls: ({ address, transport }) => [{ argv: ['rpcinfo', '-T', transport, address, 'portmapper'] }],
    speaks: /program 100000 version \d ready and waiting/,
  },
  telnet: {
    calls: (target) => [{ argv: [...curl, '--no-buffer', url(target, 'telnet')], input: '\n' }],
    speaks: /login:/,
  },
  x11: {
    calls: ({ address, port }) => [{ argv: ['xdpyinfo', '-display', `${address}:${port - 6000}`] }],
    speaks: /version number: +11\.|Authorization required/,
  },
};

/** What in the output names the product. */
export const productSigns: Readonly<Record<string, RegExp>> = {
  'Apache httpd': /^Server: Apache\b/m,
  dnsmasq: /"dnsmasq-\d/,
  Dropbear: /^SSH-2\.0-dropbear_/,
  lighttpd: /^Server: lighttpd\b/m,
  MariaDB: /\bMariaDB\b/,
  tinyproxy: /^Server: tinyproxy\b/m,
  BIND: /^version\.bind\.\s+\d+\s+CH\s+(?:TXT|SOA)\s/m,
  // The second: what its log-in process says while its authentication process is starting.
  Dovecot: /\bDovecot\b|Waiting for authentication process to respond/,
  Exim: /\bExim\b/,
  memcached: /VERSION \d|CLIENT_ERROR unauthenticated/,
  Mosquitto: /mosquitto version/,
  // IANA's enterprise number 8072 behind the mark of RFC 3411 section 5, in a dump that may break lines.
  'Net-SNMP': /80\s+00\s+(?:.*\s\d{4}: )?1F\s+88\b/,
  nginx: /^Server: nginx\b/m,
  OpenLDAP: /historical protocol version requested, use LDAPv3 instead/,
  OpenSSH: /^SSH-2\.0-OpenSSH_/,
  PostgreSQL: /accepting connections/,
  Redis: /redis_version:|NOAUTH/,
  // Versions 3 and 4 of the port mapper are what sets rpcbind apart from portmap (RFC 1833).
  rpcbind: /program 100000 version 4 ready/,
  rsync: /^@RSYNCD: /,
  // No Windows says 6.1 without a build.
  Samba: /NTLMSSP_WINDOWS_MINOR_VERSION_1[\s\S]{0,200}ProductBuild +: 0x0000/,
  vsftpd: /\bvsFTPd\b/i,
  'X.Org X server': /vendor string: +The X\.Org Foundation/,
};
