import { ascii, be16, be32, concat, hex, le16, le32 } from '../bytes.ts';
import { specificationTexts } from './specification-texts.ts';

/** What a server says in the words of its protocol's specification, for probes that no real server was at hand for. */
export interface SpecificationAnswer {
  readonly probe: string;
  /** Port it stands on, where the probe looks at that. */
  readonly port?: number;
  /** Where the layout comes from. */
  readonly source: string;
  readonly answers: readonly Uint8Array[];
  readonly service: string;
}

const pick = '5069636b';
const record = (message: Uint8Array) => concat(be32(0x80000000 + message.length), message);
const dns = (...rest: readonly string[]) => hex('5049 8400', ...rest);

/** Answers in bytes. */
const binary: readonly SpecificationAnswer[] = [
  {
    probe: 'adb',
    source: 'Android, protocol.txt: AUTH',
    // command, token, 0, 20 bytes, sum, complement
    answers: [concat(ascii('AUTH'), le32(1), le32(0), le32(20), le32(0), hex('be aa ab b7'), new Uint8Array(20))],
    service: 'adb',
  },
  {
    probe: 'afp',
    source: 'DSI, "DSIGetStatus"',
    answers: [
      concat(
        hex('01 03 5049 00000000'),
        be32(25),
        hex('00000000'),
        hex('0010 0000 0000 0000 0000'),
        ascii('\x03mac\0\0'),
        ascii('\x08Netatalk'),
      ),
    ],
    service: 'afpovertcp',
  },
  { probe: 'ajp13', source: 'AJPv13, "CPong"', answers: [hex('41 42 00 01 09')], service: 'ajp13' },
  { probe: 'amqp', source: 'AMQP 0-9-1, 4.2.2', answers: [hex('41 4d 51 50 00 01 00 00')], service: 'amqp' },
  {
    probe: 'bacnet',
    source: 'ASHRAE 135, 15.5: ReadProperty-ACK',
    answers: [hex('81 0a 0019', '01 00', '30 50 0c', '0c 02000001', '19 46', '3e 75 05 00 41 2d 31 32', '3f')],
    service: 'bacnet',
  },
  { probe: 'bolt', source: 'Bolt, "Handshake"', answers: [hex('00 00 04 05')], service: 'bolt' },
  {
    probe: 'cassandra',
    source: 'CQL native protocol v4, 4.2.4: SUPPORTED',
    answers: [concat(hex('84 00 0000 06 0000001b 0001 000b'), ascii('CQL_VERSION'), hex('0001 0005'), ascii('3.4.5'))],
    service: 'cassandra',
  },
  {
    probe: 'ceph-mon',
    source: 'Ceph, msgr2: banner',
    answers: [concat(ascii('ceph v2\n'), hex('1000'))],
    service: 'ceph',
  },
  {
    probe: 'cldap',
    source: 'MS-ADTS, 6.3.3.2',
    answers: [hex('30 19', '02 01 01', '64 14', '04 00', '30 10 30 0e', '04 08 4e65746c6f676f6e', '31 02 04 00')],
    service: 'ldap',
  },
  {
    probe: 'clickhouse',
    source: 'ClickHouse native protocol: Exception',
    answers: [concat(hex('02 04020000'), ascii('\x0dDB::Exception (version 23.8.2.7 (official build))'))],
    service: 'clickhouse',
  },
  {
    probe: 'diameter',
    source: 'RFC 6733, 5.3.2',
    answers: [
      concat(
        hex('01 00002c 00 000101 00000000', pick, pick),
        hex('00000108 40 000016'),
        ascii('dia.lab.invali'),
        hex('0000'),
      ),
    ],
    service: 'diameter',
  },
  {
    probe: 'dicom',
    source: 'PS3.8, 9.3.4: A-ASSOCIATE-RJ',
    answers: [hex('03 00 00000004 00 01 01 07')],
    service: 'acr-nema',
  },
  {
    probe: 'dnp3',
    source: 'IEEE 1815, 9.2: LINK_STATUS',
    answers: [hex('05 64 05 0b 04 00 01 00 52 e8')],
    service: 'dnp',
  },
  {
    probe: 'drda',
    source: 'DRDA volume 3: EXCSATRD',
    // name of the class "QDB2/LINUX" in EBCDIC
    answers: [hex('0018 d0 02 0001', '0012 1443', '000e 1147 d8 c4 c2 f2 61 d3 c9 d5 e4 e7')],
    service: 'drda',
  },
  {
    probe: 'epmd',
    port: 4369,
    source: 'Erlang distribution protocol: NAMES',
    answers: [concat(be32(4369), ascii('name rabbit at port 25672\n'))],
    service: 'epmd',
  },
  {
    probe: 'ethernet-ip',
    source: 'EtherNet/IP volume 2, 2-4.2: ListIdentity',
    answers: [
      concat(
        hex('6300 2e00 00000000 00000000', '5069636b 65740000', '00000000'),
        hex('0100 0c00 2800 0100 0002af12c0000205 0000000000000000', '0100 0e00 3600 140b 6031 01020304'),
        ascii('\x061756-L'),
        hex('03'),
      ),
    ],
    service: 'ethernet-ip',
  },
  { probe: 'iax2', source: 'RFC 5456, 6.7.2: PONG', answers: [hex('8002 0001 00000000 00 01 06 03')], service: 'iax' },
  {
    probe: 'ica',
    source: 'Citrix ICA: greeting',
    answers: [hex('7f 7f 49 43 41 00 7f 7f 49 43 41 00')],
    service: 'ica',
  },
  { probe: 'iec-104', source: 'IEC 60870-5-104, 5.1', answers: [hex('68 04 83 00 00 00')], service: 'iec-104' },
  {
    probe: 'ipmi',
    source: 'IPMI v2.0, 22.13',
    answers: [hex('06 00 ff 07', '00 00000000 00000000 10', '81 1c 63 20 00 38', '00 01 84 17 02 0000 00 00 99')],
    service: 'asf-rmcp',
  },
  {
    probe: 'iscsi',
    source: 'RFC 7143, 11.13: Login Response',
    answers: [
      concat(
        hex('23 81 00 00 00000000 80000050 49000000', pick, '00000000 00000001 00000001 00000008 0000 0000'),
        new Uint8Array(8),
      ),
    ],
    service: 'iscsi-target',
  },
  {
    probe: 'java-rmi',
    source: 'Java RMI, 10.2: ProtocolAck',
    answers: [concat(hex('4e 00 09'), ascii('127.0.0.1'), hex('00 00 c3 50'))],
    service: 'rmiregistry',
  },
  {
    probe: 'jdwp',
    source: 'JDWP: handshake, VirtualMachine.Version',
    answers: [concat(ascii('JDWP-Handshake'), hex('0000001d 00005049 80 0000 0000000e'), ascii('JVM 17.0.1 ok\n'))],
    service: 'jdwp',
  },
  {
    probe: 'kafka',
    source: 'Kafka: ApiVersions v0',
    answers: [hex('00000010', pick, '0000 00000001 0000 0000 0009')],
    service: 'kafka',
  },
  { probe: 'llmnr', source: 'RFC 4795, 2.1', answers: [dns('0000 0000 0000 0000')], service: 'llmnr' },
  {
    probe: 'mdns',
    source: 'RFC 6763, 9',
    answers: [dns('0000 0001 0000 0000', '00 000c 0001 00000078 0002 c000')],
    service: 'mdns',
  },
  {
    probe: 'modbus',
    source: 'Modbus V1.1b3, 6.21',
    answers: [hex('5049 0000 0013 01', '2b 0e 01 01 00 00 02', '00 03 414243', '01 04 50313233')],
    service: 'mbap',
  },
  {
    probe: 'mongodb',
    source: 'MongoDB wire protocol: OP_MSG',
    answers: [
      concat(
        le32(53),
        le32(1),
        le32(0x5069),
        le32(2013),
        le32(0),
        hex('00'),
        le32(32),
        ascii('\x02version\0'),
        le32(7),
        ascii('7.0.14\0\0'),
      ),
    ],
    service: 'mongodb',
  },
  {
    probe: 'msrpc',
    source: 'C706, 12.6.4.5: bind_nak',
    answers: [hex('05 00 0d 03 10000000 1200 0000 01000000 0400')],
    service: 'msrpc',
  },
  {
    probe: 'mssql',
    source: 'MS-TDS, 2.2.6.5',
    answers: [hex('04 01 00 14 00 00 01 00', '00 00 06 00 06 ff', '0f 00 10 c1 00 00')],
    service: 'ms-sql-s',
  },
  {
    probe: 'mssql-browser',
    source: 'MS-SQLR, 2.2.5',
    answers: [sqlBrowser('ServerName;SRV;InstanceName;MAIN;IsClustered;No;Version;15.0.2000.5;tcp;1433;;')],
    service: 'ms-sql-m',
  },
  { probe: 'nat-pmp', source: 'RFC 6886, 3.2', answers: [hex('00 80 0000 00000010 c0000201')], service: 'nat-pmp' },
  {
    probe: 'nbns',
    source: 'RFC 1002, 4.2.18',
    answers: [
      concat(
        hex('5049 8400 0000 0001 0000 0000 20'),
        ascii(`CK${'A'.repeat(30)}`),
        hex('00 0021 0001 00000000 0013 01'),
        ascii('LAB1'.padEnd(15, ' ')),
        hex('00 0400'),
      ),
    ],
    service: 'netbios-ns',
  },
  {
    probe: 'ndmp',
    source: 'NDMP v4, 4.1: NOTIFY_CONNECTED',
    answers: [record(hex('00000001 00000000 00000000 00000502 00000000 00000000', '00000000 00000004 00000000'))],
    service: 'ndmp',
  },
  {
    probe: 'nfs',
    source: 'RFC 5531, 9',
    answers: [record(hex(pick, '00000001 00000000 00000000 00000000 00000000'))],
    service: 'nfs',
  },
  { probe: 'nmf', port: 9389, source: 'MC-NMF, 2.2.3.8', answers: [hex('0a')], service: 'adws' },
  {
    probe: 'ntp',
    source: 'RFC 5905, 7.3',
    answers: [
      concat(
        hex('24 02 06 e9'),
        new Uint8Array(20),
        Uint8Array.from({ length: 8 }, (_, index) => 0x78 + index),
        new Uint8Array(16),
      ),
    ],
    service: 'ntp',
  },
  {
    probe: 'ntp-control',
    source: 'RFC 9327, 2',
    answers: [concat(hex('16 82 5049 0615 0000 0000'), be16(14), ascii('version="4.2"\n'))],
    service: 'ntp',
  },
  {
    probe: 'opc-ua',
    source: 'OPC UA part 6, 7.1.2.4',
    answers: [concat(ascii('ACKF'), le32(28), le32(0), le32(65_536), le32(65_536), le32(0), le32(0))],
    service: 'opcua-tcp',
  },
  {
    probe: 'openwire',
    source: 'OpenWire, WIREFORMAT_INFO',
    answers: [concat(be32(14), hex('01'), ascii('ActiveMQ'), be32(12), hex('00'))],
    service: 'openwire',
  },
  {
    probe: 'oracle-tns',
    source: 'TNS: REFUSE',
    answers: [
      concat(
        be16(12 + 38),
        hex('0000 04 00 0000 2200 0026'),
        ascii('(DESCRIPTION=(VSNNUM=318767104)(ERR=0))'.slice(0, 38)),
      ),
    ],
    service: 'oracle-tns',
  },
  {
    probe: 'quic',
    source: 'RFC 9000, 17.2.1',
    answers: [hex('80 00000000', '08 5069636b65740002', '08 5069636b65740001', '00000001 6b3343cf')],
    service: 'quic',
  },
  {
    probe: 'radius',
    source: 'RFC 5997, 3',
    answers: [concat(hex('02 50 0014'), new Uint8Array(16))],
    service: 'radius',
  },
  {
    probe: 'rmcp',
    source: 'ASF 2.0, 3.2.4.3: Presence Pong',
    answers: [hex('06 00 ff 06', '00 00 11 be 40 00 00 10', '000011be 00000000 81 00 000000000000')],
    service: 'asf-rmcp',
  },
  {
    probe: 's7comm',
    source: 'ISO 8073, 13.4; S7 setup',
    answers: [
      hex('0300 0016', '11 d0 5049 0001 00', 'c0 01 0a', 'c1 02 0100', 'c2 02 0102'),
      hex('0300 001b', '02 f0 80', '32 03 0000 5049 0008 0000 0000', 'f0 00 0001 0001 00f0'),
    ],
    service: 'iso-tsap',
  },
  {
    probe: 'slp',
    source: 'RFC 2608, 10.2',
    answers: [
      concat(
        hex('02 0a 000028 0000 000000 5049 0002'),
        ascii('en'),
        hex('0000'),
        be16(20),
        ascii('service:printer:lpr,'),
      ),
    ],
    service: 'svrloc',
  },
  { probe: 'smpp', source: 'SMPP 3.4, 4.11.2', answers: [hex('00000010 80000015 00000000', pick)], service: 'smpp' },
  {
    probe: 'spice',
    source: 'Spice protocol: SpiceLinkReply',
    answers: [concat(ascii('REDQ'), le32(2), le32(2), le32(4), le32(0))],
    service: 'spice',
  },
  {
    probe: 'tacacs',
    source: 'RFC 8907, 5.2',
    answers: [hex('c0 01 02 01', pick, '00000006', '04 00 0000 0000')],
    service: 'tacacs',
  },
  {
    probe: 'tftp',
    source: 'RFC 1350, 5',
    answers: [concat(hex('0005 0001'), ascii('File not found\0'))],
    service: 'tftp',
  },
  { probe: 'uwsgi', source: 'uwsgi protocol: modifier 100', answers: [hex('64 00 00 01')], service: 'uwsgi' },
];

function sqlBrowser(text: string): Uint8Array {
  return concat(hex('05'), le16(text.length), ascii(text));
}

/** One for each probe that is marked so; a test holds them against the registry. */
export const specificationAnswers: readonly SpecificationAnswer[] = [...binary, ...specificationTexts];
