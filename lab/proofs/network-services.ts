import type { Proof, ProofTarget } from './proof.ts';

/** A plain connection that sends some text and prints what comes back within two seconds. */
function socat(target: ProofTarget, input: string) {
  return {
    argv: ['socat', '-t', '2', '-', `${target.transport.toUpperCase()}:${target.address}:${target.port}`],
    input,
  };
}

function dig(target: ProofTarget, ...query: readonly string[]) {
  const how = [target.transport === 'tcp' ? '+tcp' : '+notcp', '+tries=1', '+time=3'];
  return { argv: ['dig', `@${target.address}`, '-p', String(target.port), ...how, ...query] };
}

/** Proofs about name servers, by dig. */
export const dnsProofs: Readonly<Record<string, Proof>> = {
  'dns-recursion-open': {
    call: (target) => dig(target, 'www.elsewhere.test', 'A'),
    weak: /flags:[^;]* ra;[^;]*ANSWER: 1|flags:[^;]* ra; QUERY: 1, ANSWER: 1/,
    refused: /recursion requested but not available/,
  },
  'dns-zone-transfer': {
    call: (target) => dig(target, target.zone, 'AXFR'),
    weak: /\bintranet\b/,
    refused: /Transfer failed/,
  },
  'dns-version-disclosed': {
    call: (target) => dig(target, 'version.bind', 'CH', 'TXT'),
    weak: /TXT\s+"9\.\d+/,
    refused: /status: REFUSED|ANSWER: 0/,
  },
};

/** Proofs about caches, databases and directories, each by its own client. */
export const dataProofs: Readonly<Record<string, Proof>> = {
  'redis-unauthenticated': {
    call: (target) => ({ argv: ['redis-cli', '-h', target.address, '-p', String(target.port), 'PING'] }),
    weak: /^PONG/,
    refused: /NOAUTH/,
  },
  'memcached-unauthenticated': {
    call: (target) => socat(target, 'stats\r\nquit\r\n'),
    weak: /STAT version/,
    refused: /CLIENT_ERROR|^ERROR/,
  },
  'memcached-udp': {
    call: (target) => socat(target, '\u0000\u0001\u0000\u0000\u0000\u0001\u0000\u0000stats\r\n'),
    weak: /STAT version/,
    refused: /refused/,
  },
  'postgresql-trust': {
    call: (target) => ({
      argv: ['psql', '-h', target.address, '-p', String(target.port), '-U', 'postgres', '-w', '-c', 'select version()'],
    }),
    weak: /PostgreSQL \d+/,
    refused: /no password supplied/,
  },
  'ldap-anonymous': {
    call: (target) => ({
      argv: ['ldapsearch', '-x', '-LLL', '-H', `ldap://${target.address}:${target.port}`, '-b', 'dc=lab,dc=test'],
    }),
    weak: /planted entry/,
    refused: /Inappropriate authentication/,
  },
};

/** Calls OpenSSH's client, which offers one key exchange and what goes with it. */
function ssh(target: ProofTarget, keyExchange: string, others: readonly string[]) {
  const options = [
    `KexAlgorithms=${keyExchange}`,
    ...others,
    'HostKeyAlgorithms=+ssh-rsa',
    'BatchMode=yes',
    'StrictHostKeyChecking=no',
    'UserKnownHostsFile=/dev/null',
    'IdentityFile=none',
    'IdentityAgent=none',
  ].flatMap((option) => ['-o', option]);
  const argv = [
    'ssh',
    '-v',
    '-F',
    '/dev/null',
    '-p',
    String(target.port),
    ...options,
    `nobody@${target.address}`,
    'true',
  ];
  return { argv };
}

/** Proofs about devices, shells and desktops, each by its own client. */
export const deviceProofs: Readonly<Record<string, Proof>> = {
  'telnet-cleartext': {
    call: (target) => ({
      argv: ['curl', '-sS', '--max-time', '4', '--no-buffer', `telnet://${target.address}:${target.port}`],
      input: '\n',
    }),
    weak: /login:/,
    refused: /refused/,
  },
  'mqtt-anonymous': {
    call: (target) => ({
      argv: [
        'mosquitto_sub',
        '-h',
        target.address,
        '-p',
        String(target.port),
        '-t',
        '$SYS/broker/version',
        '-C',
        '1',
        '-W',
        '4',
      ],
    }),
    weak: /mosquitto version/,
    refused: /not authorised/i,
  },
  'snmp-public': {
    call: (target) => ({
      argv: [
        'snmpget',
        '-v2c',
        '-c',
        'public',
        '-t',
        '1',
        '-r',
        '1',
        `${target.address}:${target.port}`,
        '1.3.6.1.2.1.1.1.0',
      ],
    }),
    weak: /STRING: "?Linux/,
    refused: /Timeout/,
  },
  'ssh-weak-algorithms': {
    call: (target) => ssh(target, 'diffie-hellman-group1-sha1', ['Ciphers=3des-cbc', 'MACs=hmac-md5']),
    weak: /kex: server->client cipher: 3des-cbc[\s\S]*NEWKEYS received/,
    refused: /no matching/,
  },
  'ssh-key-exchange-sha1': {
    call: (target) => ssh(target, 'diffie-hellman-group14-sha1', ['Ciphers=+3des-cbc', 'MACs=+hmac-md5']),
    weak: /kex: algorithm: diffie-hellman-group14-sha1[\s\S]*NEWKEYS received/,
    refused: /no matching/,
  },
  'vnc-no-authentication': {
    call: (target) => socat(target, 'RFB 003.008\n'),
    weak: /^RFB 003\.008\n\u0001\u0001/,
    refused: /^RFB 003\.008\n\u0001\u0002/,
  },
  'x11-open': {
    call: (target) => ({ argv: ['xdpyinfo', '-display', `${target.address}:${target.port - 6000}`] }),
    weak: /vendor string/,
    refused: /Authorization required|unable to open display/,
  },
  // A request for a closed port of the proxy itself: only one that carries out what it is asked says that it could not connect.
  'open-proxy': {
    call: (target) => ({
      argv: [
        'curl',
        '-sS',
        '--max-time',
        '8',
        '-x',
        `http://${target.address}:${target.port}`,
        `http://${target.address}:1/`,
      ],
    }),
    weak: /Unable to connect/,
    refused: /Access denied/,
  },
  'rpcbind-open': {
    call: (target) => ({ argv: ['rpcinfo', '-T', target.transport, target.address, 'portmapper'] }),
    weak: /ready and waiting/,
    refused: /refused|Timed out/,
  },
};
