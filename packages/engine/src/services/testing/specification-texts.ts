import { ascii } from '../bytes.ts';
import type { SpecificationAnswer } from './specification-answers.ts';

const page = (body: string, headers = '') =>
  `HTTP/1.1 200 OK\r\n${headers}Content-Length: ${body.length}\r\n\r\n${body}`;

/** Answers in text: probe, source, text, service. */
const texts: readonly (readonly [string, string, string, string])[] = [
  ['check-mk', 'Checkmk, "The agent output"', '<<<check_mk>>>\nVersion: 2.2.0p11\nAgentOS: linux\n', 'checkmk-agent'],
  [
    'docker',
    'Docker Engine API, "SystemVersion"',
    page('{"Version":"24.0.5","ApiVersion":"1.43","Os":"linux"}'),
    'docker',
  ],
  [
    'elasticsearch',
    'Elasticsearch, "Info API"',
    page('{"name":"a","cluster_name":"lab","version":{"number":"8.11.1"},"tagline":"You Know, for Search"}'),
    'http',
  ],
  [
    'fox',
    'Niagara Fox: hello',
    'fox a 0 -1 fox hello\n{\nfox.version=s:1.0.1\nhostName=s:jace\napp.name=s:Station\napp.version=s:3.8.41\n};;\n',
    'niagara-fox',
  ],
  [
    'hl7-mllp',
    'HL7 v2.3.1, chapter 2: ACK',
    '\x0bMSH|^~\\&|LAB|LAB|||20260101||ACK|1|P|2.3.1\rMSA|AR|1\r\x1c\r',
    'hl7',
  ],
  [
    'kubernetes',
    'Kubernetes API, "version"',
    page('{"major":"1","minor":"28","gitVersion":"v1.28.4","platform":"linux/amd64"}'),
    'http',
  ],
  ['lpd', 'RFC 1179, 5.3', 'lpd: picket: unknown printer\n', 'printer'],
  ['mgcp', 'RFC 3435, 2.3.10', '500 80105 Endpoint unknown\r\n', 'mgcp-gateway'],
  ['munin', 'Munin, "Network protocol"', '# munin node at lab.test\n', 'munin'],
  ['nntp', 'RFC 3977, 5.1', '200 news.lab.test InterNetNews NNRP server ready\r\n', 'nntp'],
  ['pjl', 'PJL Technical Reference, "INFO"', '@PJL INFO ID\r\n"LASERJET 4ML"\r\n\f', 'pdl-datastream'],
  [
    'rethinkdb',
    'RethinkDB, "Writing drivers"',
    '{"max_protocol_version":0,"min_protocol_version":0,"server_version":"2.4.1","success":true}\0',
    'rethinkdb',
  ],
  ['rtsp', 'RFC 2326, 10.1', 'RTSP/1.0 200 OK\r\nCSeq: 1\r\nPublic: DESCRIBE\r\n\r\n', 'rtsp'],
  ['sip', 'RFC 3261, 11.2', 'SIP/2.0 200 OK\r\nServer: lab\r\n\r\n', 'sip'],
  ['sip-udp', 'RFC 3261, 11.2', 'SIP/2.0 404 Not Found\r\n\r\n', 'sip'],
  [
    'ssdp',
    'UPnP Device Architecture 1.1, 1.3.3',
    'HTTP/1.1 200 OK\r\nST: upnp:rootdevice\r\nUSN: uuid:1\r\nSERVER: x UPnP/1.1 y\r\n\r\n',
    'ssdp',
  ],
  ['stomp', 'STOMP 1.2, "CONNECTED"', 'CONNECTED\nversion:1.2\nserver:RabbitMQ/3.12.1\n\n\0', 'stomp'],
  [
    'vmware-auth',
    'VMware: greeting',
    '220 VMware Authentication Daemon Version 1.10: SSL Required, ServerDaemonProtocol:SOAP\r\n',
    'ideafarm-door',
  ],
  [
    'ws-discovery',
    'WS-Discovery 2005/04, 4.3',
    '<s:Envelope><a:RelatesTo>urn:uuid:5069636b-6574-4000-8000-000000000001</a:RelatesTo><d:ProbeMatches><d:ProbeMatch><d:Types>wsdp:Device</d:Types></d:ProbeMatch></d:ProbeMatches></s:Envelope>',
    'ws-discovery',
  ],
  ['zookeeper', 'ZooKeeper, "srvr"', 'Zookeeper version: 3.8.0-5a02a05, built\nMode: standalone\n', 'zookeeper'],
  [
    'http-ntlm',
    'MS-NTHT, 4; MS-NLMP, 2.2.1.2',
    `HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: NTLM ${ntlmChallenge()}\r\nContent-Length: 0\r\n\r\n`,
    'http',
  ],
];

/** A challenge with flags, an empty target and version 10.0 build 17763. */
function ntlmChallenge(): string {
  const bytes = Buffer.alloc(56);
  bytes.write('NTLMSSP\0', 'latin1');
  bytes.writeUInt32LE(2, 8);
  bytes.writeUInt32LE(56, 16);
  bytes.writeUInt32LE(0xe2898215, 20);
  bytes.writeUInt32LE(56, 44);
  Buffer.from('0a006345 0000000f'.replace(' ', ''), 'hex').copy(bytes, 48);
  return bytes.toString('base64');
}

/** The texts as answers. */
export const specificationTexts: readonly SpecificationAnswer[] = texts.map(([probe, source, text, service]) => ({
  probe,
  source,
  answers: [ascii(text)],
  service,
}));
