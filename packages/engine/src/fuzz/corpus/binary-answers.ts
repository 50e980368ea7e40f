import { ascii, concat, hex } from '../../services/bytes.ts';

const zeros = (count: number) => new Uint8Array(count);

/** What servers of binary protocols say, as their specifications lay it out. */
export const binaryAnswers = {
  /** MySQL: protocol 10 handshake. */
  mysql: concat(
    hex('4a000000 0a'),
    ascii('5.5.5-10.11.6-MariaDB\0'),
    hex('08000000'),
    ascii('12345678\0'),
    hex('feff 2d 0200 ff8115'),
    zeros(10),
    new Uint8Array(13).fill(0x61),
  ),
  /** PostgreSQL: an error response. */
  postgresql: concat(hex('45 0000001f'), ascii('SFATAL\0C0A000\0Munsupported\0\0')),
  /** MQTT: accepted, then a message with the broker's version. */
  mqtt: concat(hex('20020000 90030001 00 312f 0013'), ascii('$SYS/broker/versionmosquitto version 2.0.11')),
  /** SMB 2 negotiation and an NTLM challenge. */
  smb: concat(
    hex('00000084 fe534d42 4000 0100 00000000 0000 0100 01000000'),
    zeros(44),
    hex('4100 0300 0203 0000'),
    zeros(60),
  ),
  ntlm: concat(
    hex('00000098 fe534d42 4000 0100 160000c0 0100 0100 01000000'),
    zeros(44),
    hex('0900 0000 4800 4800'),
    ascii('NTLMSSP\0'),
    hex('02000000 00000000 38000000 358289e2 1111111111111111 0000000000000000 10001000 38000000 0601000000 00000f'),
    hex('0100 0800 4c00 4100 4200 3100 0000 0000'),
  ),
  /** LDAP: a search result entry. */
  ldap: concat(
    hex('3032 020101 642d 0400 3029 3027 040b'),
    ascii('objectClass'),
    hex('3118 0403'),
    ascii('top'),
    hex('0411'),
    ascii('OpenLDAProotDSE'),
  ),
  /** SNMP v2c: sysDescr.0. */
  snmp: hex('302b 020101 0406 7075626c6963 a21e 02025049 020100 020100 3012 3010 0608 2b06010201010100 0404 4c696e75'),
  /** DNS: version.bind TXT CH. */
  dns: hex(
    '5049 8400 0001 0001 0000 0000 07 76657273696f6e 04 62696e64 00 0010 0003 c00c 0010 0003 00000000 0006 05 392e31382e',
  ),
  /** Multicast DNS: PTR, SRV, TXT and A records of a printer (RFC 6763). */
  multicastDns: hex(
    '0000 8400 0000 0004 0000 0000 04 5f697070 04 5f746370 05 6c6f63616c 00 000c 0001 00000e10 0008 05 5072696e74 c00c',
    'c027 0021 8001 00000078 000e 0000 0000 0277 05 7072696e74 c016 c027 0010 8001 00001194 0009 08 7478747665727331',
    'c03f 0001 8001 00000078 0004 c0000207',
  ),
  /** ONC RPC: the list of a portmapper. */
  rpc: hex(
    '80000048 5069636b 00000001 00000000 00000000 00000000 00000000 00000001 000186a0 00000002 00000006 0000006f',
    '00000001 000186a3 00000003 00000006 00000801 00000000',
  ),
  /** NetBIOS: a node status answer with two names. */
  netbios: concat(
    hex('5049 8400 0000 0001 0000 0000 20'),
    ascii('CKAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'),
    hex('00 0021 0001 00000000 002b 02'),
    ascii('LAB1           '),
    hex('00 0400'),
    ascii('WORKGROUP      '),
    hex('00 8400 020000000007'),
  ),
  /** NTP: a server's mode 4 answer, and a control answer. */
  ntp: concat(hex('24 02 06 e9 00000a00 00000b00 c0000201'), zeros(32)),
  ntpControl: concat(hex('1682 0001 0618 0000 0000 0020'), ascii('version="ntpd 4.2.8p15", system=')),
  /** RDP: X.224 connection confirm with a negotiation response. */
  rdp: hex('0300 0013 0e d0 0000 1234 00 02 00 0800 02000000'),
  /** VNC security types; X11 refusal; AMQP start. */
  vnc: hex('02 01 02'),
  x11: concat(hex('01000b00 00000d00 8fa5b800'), zeros(12), hex('1400 ffff'), zeros(12), ascii('The X.Org Foundation')),
  amqp: concat(
    hex('01 0000 00000020 000a000a 00 09 00000010 07'),
    ascii('product'),
    hex('53 00000003'),
    ascii('abc'),
    hex('ce'),
  ),
  /** MongoDB: a reply with an empty document. */
  mongodb: hex('2a000000 01000000 50494b45 01000000 08000000 0000000000000000 00000000 01000000 05000000 00'),
  /** SQL Server: a pre-login answer. */
  mssql: hex('0401 0025 0000 01 00 00 0015 0006 01 001b 0001 02 001c 0001 ff 0f000fa0 0000 02 00'),
  /** Oracle TNS refusal, Cassandra, Java RMI, AJP, Erlang port mapper. */
  tns: concat(hex('0022 0000 04 00 0000 22 00 0016'), ascii('(DESCRIPTION=(ERR=1))')),
  cassandra: hex('84 00 0000 06 00000013 0001 000b 43514c5f56455253494f4e 0001 0001 33'),
  rmi: concat(hex('4e 0009'), ascii('127.0.0.1'), hex('0000 8a1c')),
  ajp: hex('4142 0001 09'),
  epmd: concat(hex('00001111'), ascii('name rabbit at port 25672\n')),
  /** Telnet options, then a prompt. */
  telnet: concat(hex('fffd18 fffd20 fffd23 fffd27 fffb03'), ascii('\r\nlab login: ')),
  /** IPMI over RMCP, SOCKS, TFTP, STUN, Kerberos. */
  rmcp: hex('0600ff07 000011be 40000010 00000000 81000000 00000000'),
  socks: hex('05 00 00 5a 0000 00000000'),
  tftp: concat(hex('0005 0001'), ascii('File not found\0')),
  stun: hex('0101 000c 2112a442 504943 4b4554504943 4b4554 0020 0008 0001 a147 e112a643'),
  kerberos: hex(
    '7e4b 3049 a003020105 a10302011e a411180f 32303236313132313038323530365a a505020300d5b5 a603020119',
    'a90d1b0b4558414d504c452e544f a9 04 1b02 4142',
  ),
} satisfies Readonly<Record<string, Uint8Array>>;
