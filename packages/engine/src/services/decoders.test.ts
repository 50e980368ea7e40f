import { describe, expect, it } from 'vitest';
import { ascii, concat, hex } from './bytes.ts';
import { isReflection } from './converse.ts';
import type { Identification, ProbeContext } from './probe.ts';
import { probes } from './registry.ts';

const context: ProbeContext = { host: 'h', port: 1, tls: false };

/** What a probe makes of these answers. */
function classify(name: string, ...answers: readonly (Uint8Array | string)[]): Identification | null {
  const probe = probes.find((each) => each.name === name);
  if (!probe) throw new Error(`no probe ${name}`);
  return probe.classify(
    answers.map((each) => (typeof each === 'string' ? ascii(each) : each)),
    context,
  );
}

describe('binary answers, byte by byte', () => {
  it('MySQL: the handshake of a MariaDB', () => {
    const packet = hex(
      '4a 00 00 00', // length 74, sequence 0
      '0a', // protocol 10
      '35 2e 35 2e 35 2d 31 30 2e 31 31 2e 36 2d 4d 61 72 69 61 44 42 00', // "5.5.5-10.11.6-MariaDB"
      '08 00 00 00', // thread id
      '31 32 33 34 35 36 37 38 00', // scramble, filler
      'fe ff', // capabilities: CLIENT_SSL (0x0800) is set
      '2d 02 00 ff 81 15',
      '00'.repeat(10),
      '61'.repeat(13), // the rest
    );
    expect(classify('mysql', packet)).toMatchObject({
      service: 'mysql',
      startTls: true,
      banners: [{ text: '5.5.5-10.11.6-MariaDB' }],
    });
  });

  it('MySQL: a host that is not allowed', () => {
    const text = "Host '10.0.0.9' is not allowed to connect to this MariaDB server";
    expect(classify('mysql', concat(hex('43 00 00 00 ff 6a 04'), ascii(text)))).toMatchObject({
      service: 'mysql',
      info: text,
    });
  });

  it('MQTT: accepted, refused, and a version that was published', () => {
    expect(classify('mqtt', hex('20 02 00 05'))?.info).toContain('not authorized');
    const publish = concat(
      hex('90 03 00 01 00', '31 2f 00 13'),
      ascii('$SYS/broker/version'),
      ascii('mosquitto version 2.0.11'),
    );
    expect(classify('mqtt', hex('20 02 00 00'), publish)?.banners).toEqual([
      { database: 'mqtt.version', text: 'mosquitto version 2.0.11' },
    ]);
    expect(classify('mqtt', hex('20 02 00 09'))).toBeNull();
  });

  it('SMB: negotiated dialect and signing', () => {
    const negotiated = hex(
      '00 00 00 84', // NetBIOS length
      'fe 53 4d 42 40 00 01 00',
      '00 00 00 00',
      '00 00 01 00', // SMB2, status 0, NEGOTIATE
      '01 00 00 00',
      '00'.repeat(44), // flags: from the server
      '41 00',
      '03 00',
      '02 03',
      '00 00', // size 65, signing required, dialect 3.0.2
      '00'.repeat(60),
    );
    expect(classify('smb2', negotiated)).toMatchObject({
      service: 'microsoft-ds',
      info: 'SMB 3.0.2, signing required',
    });
  });

  it('SMB: names and version in the NTLM challenge', () => {
    const negotiated = hex(
      '00 00 00 48',
      'fe 53 4d 42 40 00 01 00',
      '00 00 00 00 00 00 01 00 01 00 00 00',
      '00'.repeat(44),
      '41 00 01 00 10 02 00 00',
    );
    const challenge = concat(
      ascii('NTLMSSP\0'),
      hex('02 00 00 00', '00 00 00 00 38 00 00 00', '35 82 89 e2', '11'.repeat(8), '00'.repeat(8)),
      hex('10 00 10 00 38 00 00 00'), // target info: 16 bytes at 56
      hex('06 01 00 00 00 00 00 0f'), // version 6.1, build 0
      hex('01 00 08 00 4c 00 41 00 42 00 31 00', '00 00 00 00'), // NetBIOS computer name "LAB1", end
    );
    expect(classify('smb2', negotiated, challenge)).toMatchObject({ product: 'Samba', hostname: 'LAB1' });
  });

  it('LDAP: the root DSE of OpenLDAP', () => {
    const entry = hex(
      '30 32',
      '02 01 01',
      '64 2d', // message 1, SearchResultEntry
      '04 00',
      '30 29', // name "", attributes
      '30 27',
      '04 0b 6f 62 6a 65 63 74 43 6c 61 73 73', // objectClass
      '31 18',
      '04 03 74 6f 70',
      '04 11 4f 70 65 6e 4c 44 41 50 72 6f 6f 74 44 53 45', // top, OpenLDAProotDSE
    );
    expect(classify('ldap', entry)).toMatchObject({ service: 'ldap', product: 'OpenLDAP' });
  });

  it('SNMP: a system description', () => {
    const answer = hex(
      '30 2b',
      '02 01 01',
      '04 06 70 75 62 6c 69 63', // v2c, "public"
      'a2 1e',
      '02 02 50 49',
      '02 01 00',
      '02 01 00', // Response
      '30 12',
      '30 10',
      '06 08 2b 06 01 02 01 01 01 00',
      '04 04 4c 69 6e 75', // sysDescr.0 = "Linu"
    );
    expect(classify('snmp', answer)).toMatchObject({ service: 'snmp', banners: [{ text: 'Linu' }] });
  });

  it('SNMP: an agent that names its maker and its version', () => {
    const answer = hex(
      '30 53 02 01 01 04 06 70 75 62 6c 69 63 a2 46 02 02 50 49 02 01 00 02 01 00 30 3a',
      '30 10 06 08 2b 06 01 02 01 01 01 00 04 04 4c 69 6e 75', // sysDescr.0 = "Linu"
      '30 11 06 08 2b 06 01 02 01 01 02 00 06 05 2b 06 01 04 01', // sysObjectID.0 = 1.3.6.1.4.1
      '30 13 06 0a 2b 06 01 04 01 8f 65 64 02 00 04 05 35 2e 39 2e 33', // versionTag.0 = "5.9.3"
    );
    expect(classify('snmp', answer)).toMatchObject({
      product: 'Net-SNMP',
      version: '5.9.3',
      info: 'SNMPv2c, community "public", object id 1.3.6.1.4.1: Linu',
      cpe: 'cpe:/a:net-snmp:net-snmp:5.9.3',
    });
  });

  it('DNS: a BIND that hides its version still serves the zone of it', () => {
    const answer = (owner: string) =>
      hex(
        '50 49 84 00', // response, authoritative, no error
        '00 01 00 00 00 01 00 00', // one question, one record of authority
        '07 76 65 72 73 69 6f 6e 04 62 69 6e 64 00 00 10 00 03', // version.bind TXT CH
        'c0 0c 00 06 00 03 00 01 51 80 00 22', // SOA CH, 34 bytes
        'c0 0c',
        owner,
        'c0 0c', // hostmaster.version.bind
        '00 00 00 00 00 00 70 80 00 00 1c 20 00 09 3a 80 00 01 51 80',
      );
    const hostmaster = '0a 68 6f 73 74 6d 61 73 74 65 72';
    expect(classify('dns-udp', answer(hostmaster))).toMatchObject({ service: 'domain', product: 'BIND' });
    const other = classify('dns-udp', answer('0a 41 41 41 41 41 41 41 41 41 41'));
    expect(other).toMatchObject({ service: 'domain' });
    expect(other?.product).toBeUndefined();
  });

  it('memcached: one that wants a log-in', () => {
    expect(classify('memcached', 'CLIENT_ERROR unauthenticated\r\n')).toMatchObject({
      service: 'memcache',
      product: 'Memcached',
    });
    expect(classify('memcached', 'CLIENT_ERROR bad data chunk\r\n')).toBeNull();
  });

  it('LDAP: how a directory refuses is told to the fingerprints', () => {
    const search = concat(hex('30 23 02 01 01 65 1e 0a 01 35 04 00 04 17'), ascii('authentication required'));
    const text = 'historical protocol version requested, use LDAPv3 instead';
    const bind = concat(hex('30 45 02 01 02 61 40 0a 01 02 04 00 04 39'), ascii(text));
    expect(classify('ldap', search, bind)).toMatchObject({
      service: 'ldap',
      banners: [{ text: 'authentication required' }, { database: 'ldap.diagnostic', text }],
    });
  });

  it.each([
    ['8f a5 b8 00', '21.1.7'], // 12101007
    ['f8 45 b7 00', '1.20.11'], // 12011000
  ])('X11: the release number %s stands for version %s', (release, version) => {
    const answer = concat(
      hex('01 00 0b 00 00 00 0d 00', release), // success, protocol 11.0, 13 units follow
      hex('00'.repeat(12), '14 00 ff ff', '00'.repeat(12)), // vendor of 20 bytes
      ascii('The X.Org Foundation'),
    );
    expect(classify('x11', answer)?.banners).toEqual([
      { database: 'x11.vendor', text: `The X.Org Foundation ${version}` },
    ]);
  });

  it('DNS: version.bind', () => {
    const answer = hex(
      '50 49 84 00',
      '00 01 00 01 00 00 00 00', // response, authoritative, one question, one answer
      '07 76 65 72 73 69 6f 6e 04 62 69 6e 64 00',
      '00 10 00 03', // version.bind TXT CH
      'c0 0c 00 10 00 03 00 00 00 00',
      '00 06',
      '05 39 2e 31 38 2e', // "9.18."
    );
    expect(classify('dns-udp', answer)?.banners).toEqual([{ database: 'dns.versionbind', text: '9.18.' }]);
    expect(classify('dns-tcp', concat(hex('00 32'), answer))?.service).toBe('domain');
  });

  it('RPC: the list of a portmapper', () => {
    const reply = hex(
      '50 69 63 6b',
      '00000001',
      '00000000',
      '00000000 00000000',
      '00000000',
      '00000001',
      '000186a0 00000002 00000006 0000006f',
      '00000001',
      '000186a3 00000003 00000006 00000801',
      '00000000',
    );
    expect(classify('rpcbind-udp', reply)?.info).toBe('programs: portmapper, nfs');
    expect(classify('rpcbind', concat(hex('80 00 00 48'), reply))?.service).toBe('sunrpc');
  });

  it('NTP: a server that returns our transmit time', () => {
    const answer = new Uint8Array(48);
    answer.set(hex('24 02 06 e9')); // version 4, mode 4, stratum 2
    answer.set(
      Uint8Array.from({ length: 8 }, (_, index) => 0x50 + 40 + index),
      24,
    );
    expect(classify('ntp', answer)?.info).toBe('NTPv4, stratum 2');
    answer[24] = 0;
    expect(classify('ntp', answer)).toBeNull();
  });

  it('RDP: the NTLM challenge inside CredSSP tells names and the build of Windows', () => {
    const challenge = concat(
      ascii('NTLMSSP\0'),
      hex(
        '02 00 00 00',
        '00 00 00 00 38 00 00 00',
        '05 82 89 a2',
        '01 02 03 04 05 06 07 08',
        '00 00 00 00 00 00 00 00',
      ),
      hex('0c 00 0c 00 38 00 00 00', '0a 00 f7 58 00 00 00 0f'), // target info of 12 bytes at 56; version 10.0, build 22775
      hex('01 00 04 00 50 00 43 00', '00 00 00 00'), // NetBIOS computer name "PC", end
    );
    const confirm = hex('03 00 00 13 0e d0 00 00 12 34 00', '02 1f 08 00 02 00 00 00');
    expect(classify('rdp', confirm, '', challenge)).toMatchObject({
      info: 'security: CredSSP, name PC',
      hostname: 'PC',
      os: { product: 'Windows', version: '10.0.22775' },
    });
    const likeFreeRdp = challenge.slice();
    likeFreeRdp.set(hex('06 01 b1 1d'), 48);
    expect(classify('rdp', confirm, '', likeFreeRdp)).not.toHaveProperty('os');
    expect(classify('rdp', confirm, '', hex('30 05 a0 03 02 01 06'))).not.toHaveProperty('os');
  });

  it('RDP, AJP, X11, SOCKS, RMI, AMQP, epmd, TDS, PostgreSQL', () => {
    expect(classify('rdp', hex('03 00 00 13 0e d0 00 00 12 34 00', '02 1f 08 00 02 00 00 00'))?.info).toBe(
      'security: CredSSP',
    );
    expect(classify('ajp13', hex('41 42 00 01 09'))?.service).toBe('ajp13');
    expect(classify('x11', concat(hex('00 0b 0b 00 00 00 03 00'), ascii('No protocol\0')))?.info).toContain(
      'No protocol',
    );
    expect(classify('socks5', hex('05 ff'))?.info).toContain('none acceptable');
    expect(classify('java-rmi', concat(hex('4e 00 09'), ascii('127.0.0.1'), hex('00 00 c3 50')))?.service).toBe(
      'rmiregistry',
    );
    expect(classify('amqp', hex('41 4d 51 50 00 01 00 00'))?.info).toBe('version 1.0.0');
    expect(classify('epmd', concat(hex('00 00 00 01'), ascii('name rabbit at port 25672\n')))?.info).toBe(
      'nodes: rabbit',
    );
    expect(classify('mssql', hex('04 01 00 14 00 00 01 00', '00 00 06 00 06 ff', '0f 00 10 c1 00 00'))?.version).toBe(
      '15.0.4289',
    );
    expect(
      classify('postgresql', 'N', concat(hex('52 00 00 00 17 00 00 00 0a'), ascii('SCRAM-SHA-256\0\0')))?.info,
    ).toBe('authentication: SCRAM');
    expect(
      classify(
        'mongodb',
        concat(
          hex('30 00 00 00 01 00 00 00 69 50 00 00 dd 07 00 00 00 00 00 00 00'),
          hex('1b 00 00 00'),
          ascii('\x02version\0'),
          hex('07 00 00 00'),
          ascii('7.0.14\0\0'),
        ),
      )?.version,
    ).toBe('7.0.14');
  });
});

describe('answers in text', () => {
  it.each([
    ['ssh', 'SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n', 'ssh'],
    ['rsync', '@RSYNCD: 31.0 sha512 sha256\n', 'rsync'],
    ['pop3', '+OK Dovecot ready.\r\n', 'pop3'],
    ['imap', '* OK [CAPABILITY IMAP4rev1 STARTTLS] Dovecot (Debian) ready.\r\n', 'imap'],
    ['redis', '-NOAUTH Authentication required.\r\n', 'redis'],
    ['redis', '$46\r\n# Server\r\nredis_version:7.0.15\r\nos:Linux 6 x\r\n\r\n', 'redis'],
    ['memcached', 'VERSION 1.6.18\r\n', 'memcache'],
    ['zookeeper', 'Zookeeper version: 3.8.0-5a02a05, built\nMode: standalone\n', 'zookeeper'],
    ['sip', 'SIP/2.0 200 OK\r\nServer: Asterisk PBX 20.6.0\r\n\r\n', 'sip'],
    ['rtsp', 'RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\n', 'rtsp'],
    ['svn', '( success ( 2 2 ( ) ( edit-pipeline svndiff1 ) ) ) ', 'svn'],
    ['git', '003cERR access denied or repository not exported: /', 'git'],
    ['irc', ':irc.lab.test 451 * :You have not registered\r\n', 'irc'],
    ['nats', 'INFO {"server_id":"N","version":"2.10.7","auth_required":true}\r\n', 'nats'],
    ['clamd', 'ClamAV 1.0.7/27000/Sat\n', 'clam'],
    ['finger', 'finger: picket: no such user.\r\n', 'finger'],
    ['ident', '1 , 1 : ERROR : INVALID-PORT\r\n', 'ident'],
    ['daytime', 'Sat Nov 21 05:40:47 2026\r\n', 'daytime'],
    ['managesieve', '"IMPLEMENTATION" "Dovecot Pigeonhole"\r\n"STARTTLS"\r\nOK "ready"\r\n', 'sieve'],
    ['xmpp', "<?xml version='1.0'?><stream:stream id='1' from='lab.test'><stream:features>", 'xmpp-client'],
    ['telnet', hexText('ff fd 18 ff fd 20'), 'telnet'],
  ])('%s', (name, answer, service) => {
    expect(classify(name, answer)?.service).toBe(service);
  });

  it('takes memcached over UDP only with the request id that was sent', () => {
    const answer = `${hexText('50 4b 00 00 00 01 00 00')}VERSION 1.5.5\r\n`;
    expect(classify('memcached-udp', answer)).toMatchObject({ service: 'memcache', version: '1.5.5' });
    expect(classify('memcached-udp', answer.replace('PK', 'PX'))).toBeNull();
    expect(classify('memcached-udp', 'VERSION 1.5.5\r\n')).toBeNull();
  });

  it('tells file transfer from mail, though both greet with 220', () => {
    expect(classify('ftp', '220 mail.lab.test ESMTP Exim 4.96\r\n')).toBeNull();
    expect(classify('smtp', '220 (vsFTPd 3.0.3)\r\n')).toBeNull();
    expect(classify('smtp', '220 hello\r\n', '250-hello\r\n250 STARTTLS\r\n')).toMatchObject({
      service: 'smtp',
      startTls: true,
    });
    expect(classify('ftp', '220 hello\r\n', '530 Please login\r\n')).toMatchObject({ service: 'ftp' });
  });

  it('asks the Docker and Kubernetes APIs only when the start page is theirs', () => {
    const page = 'HTTP/1.1 404 Not Found\r\nApi-Version: 1.41\r\n\r\n{"message":"page not found"}';
    expect(classify('http', page)?.refineWith).toBe('docker');
    expect(classify('http', 'HTTP/1.1 200 OK\r\n\r\n{"message":"page not found"}')?.refineWith).toBeUndefined();
    expect(
      classify('docker', 'HTTP/1.1 200 OK\r\n\r\n{"Version":"20.10.24","ApiVersion":"1.41","Os":"linux"}')?.version,
    ).toBe('20.10.24');
    expect(classify('docker', 'HTTP/1.1 200 OK\r\n\r\nhello')).toBeNull();
  });
});

describe('an echo', () => {
  it('is noticed when at least four bytes of ours come back', () => {
    expect(isReflection(ascii('INFO server\r\n'), ascii('INFO server\r\n'))).toBe(true);
    expect(isReflection(ascii('INFO server\r\n'), ascii('INFO'))).toBe(true);
    expect(isReflection(ascii('INFO server\r\n'), ascii('INF'))).toBe(false);
    expect(isReflection(ascii('INFO server\r\n'), ascii('-ERR'))).toBe(false);
  });
});

function hexText(digits: string): string {
  return String.fromCharCode(...hex(digits));
}
