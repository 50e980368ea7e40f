import { formatIp } from '@picket/base/ip';
import { u16be, u32be, u8 } from '../services/bytes.ts';
import type { DnsMessage, DnsResource } from './message.ts';
import { labelsAt, nameText, stringText } from './name.ts';

const typeNames: Readonly<Record<number, string>> = {
  1: 'A',
  2: 'NS',
  5: 'CNAME',
  6: 'SOA',
  12: 'PTR',
  15: 'MX',
  16: 'TXT',
  28: 'AAAA',
  33: 'SRV',
  41: 'OPT',
  43: 'DS',
  52: 'TLSA',
  255: 'ANY',
  257: 'CAA',
};
const classNames: Readonly<Record<number, string>> = { 1: 'IN', 2: 'CS', 3: 'CH', 4: 'HS', 254: 'NONE', 255: 'ANY' };
/** Response codes (RFC 1035 section 4.1.1, RFC 2136 section 2.2). */
const codeNames = [
  'NOERROR',
  'FORMERR',
  'SERVFAIL',
  'NXDOMAIN',
  'NOTIMP',
  'REFUSED',
  'YXDOMAIN',
  'YXRRSET',
  'NXRRSET',
  'NOTAUTH',
  'NOTZONE',
];

/** `A`, or `TYPE65` for a type without a name here (RFC 3597 section 5). */
export const typeText = (type: number): string => typeNames[type] ?? `TYPE${type}`;
const classText = (code: number): string => classNames[code] ?? `CLASS${code}`;

/** The data of a record as in a zone file; null when it is broken. Unknown types as RFC 3597 has them. */
export function dataText(message: Uint8Array, record: DnsResource): string | null {
  const { at, length, type } = record;
  const data = message.subarray(at, at + length);
  const name = (offset: number) => {
    const read = offset <= length ? labelsAt(message, at + offset) : null;
    return read === null ? null : nameText(read.labels);
  };
  const after = (prefix: string, offset: number) => {
    const target = name(offset);
    return target === null ? null : `${prefix} ${target}`;
  };
  switch (typeNames[type]) {
    case 'A':
      return length === 4 ? addressText(data) : null;
    case 'AAAA':
      return length === 16 ? addressText(data) : null;
    case 'NS':
    case 'CNAME':
    case 'PTR':
      return name(0);
    case 'MX':
      return length > 2 ? after(String(u16be(data, 0)), 2) : null;
    case 'SRV':
      return length > 6 ? after([0, 2, 4].map((offset) => u16be(data, offset)).join(' '), 6) : null;
    case 'TXT':
      return (
        strings(data)
          ?.map((text) => `"${text}"`)
          .join(' ') ?? null
      );
    case 'SOA':
      return startOfAuthority(message, record);
    case 'CAA':
      return callerAuthority(data);
    case 'TLSA':
      return length > 3 ? `${u8(data, 0)} ${u8(data, 1)} ${u8(data, 2)} ${hexText(data.subarray(3))}` : null;
    case 'DS':
      return length > 4
        ? `${u16be(data, 0)} ${u8(data, 2)} ${u8(data, 3)} ${hexText(data.subarray(4)).toUpperCase()}`
        : null;
    default:
      return `\\# ${length} ${hexText(data)}`;
  }
}

function addressText(bytes: Uint8Array): string {
  const bits = bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return formatIp({ family: bytes.length === 4 ? 4 : 6, bits });
}

const hexText = (bytes: Uint8Array) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** Character-strings (RFC 1035 section 3.3), escaped. */
function strings(data: Uint8Array): string[] | null {
  const texts: string[] = [];
  for (let at = 0; at < data.length; ) {
    const length = u8(data, at);
    if (at + 1 + length > data.length) return null;
    texts.push(stringText(data.subarray(at + 1, at + 1 + length)));
    at += 1 + length;
  }
  return texts;
}

/** RFC 1035 section 3.3.13. */
function startOfAuthority(message: Uint8Array, record: DnsResource): string | null {
  const primary = labelsAt(message, record.at);
  const mailbox = primary && labelsAt(message, primary.end);
  if (!primary || !mailbox || mailbox.end + 20 > record.at + record.length) return null;
  const numbers = [0, 4, 8, 12, 16].map((offset) => u32be(message, mailbox.end + offset));
  return [nameText(primary.labels), nameText(mailbox.labels), ...numbers].join(' ');
}

/** RFC 8659 section 4.1. */
function callerAuthority(data: Uint8Array): string | null {
  const tag = u8(data, 1);
  if (tag < 1 || 2 + tag > data.length) return null;
  return `${u8(data, 0)} ${stringText(data.subarray(2, 2 + tag))} "${stringText(data.subarray(2 + tag))}"`;
}

/** `name. TTL IN TYPE data` with tabs between, as zone files have it. */
export function recordText(message: Uint8Array, record: DnsResource): string {
  const data = dataText(message, record) ?? `\\# ${record.length}`;
  return [nameText(record.labels), record.ttl, classText(record.class), typeText(record.type), data].join('\t');
}

/** Records of a section, one a line. The pseudo-record of EDNS (RFC 6891) is no record of the zone. */
export function sectionText(message: Uint8Array, records: readonly DnsResource[]): string {
  return records
    .filter(({ type }) => type !== 41)
    .map((record) => recordText(message, record))
    .join('\n');
}

/** `;name. IN  TYPE`. */
export function questionText(decoded: DnsMessage): string {
  return decoded.questions
    .map((question) => `;${nameText(question.labels)}\t${classText(question.class)}\t ${typeText(question.type)}`)
    .join('\n');
}

/** A whole message for people and for matchers, in the manner of zone-file tools. */
export function messageText(message: Uint8Array, decoded: DnsMessage): string {
  const { flags } = decoded;
  const bits = [
    ['qr', 0x8000],
    ['aa', 0x0400],
    ['tc', 0x0200],
    ['rd', 0x0100],
    ['ra', 0x0080],
    ['ad', 0x0020],
    ['cd', 0x0010],
  ] as const;
  const set = bits.flatMap(([name, bit]) => ((flags & bit) === 0 ? [] : [` ${name}`])).join('');
  const counts = `QUERY: ${decoded.questions.length}, ANSWER: ${decoded.answers.length}, AUTHORITY: ${decoded.authority.length}, ADDITIONAL: ${decoded.additional.length}`;
  const sections: readonly (readonly [string, string])[] = [
    ['QUESTION', questionText(decoded)],
    ['ANSWER', sectionText(message, decoded.answers)],
    ['AUTHORITY', sectionText(message, decoded.authority)],
    ['ADDITIONAL', sectionText(message, decoded.additional)],
  ];
  const status = codeNames[decoded.rcode] ?? `RCODE${decoded.rcode}`;
  return [
    `;; opcode: ${decoded.opcode === 0 ? 'QUERY' : decoded.opcode}, status: ${status}, id: ${decoded.id}`,
    `;; flags:${set}; ${counts}`,
    ...sections.filter(([, text]) => text !== '').map(([name, text]) => `\n;; ${name} SECTION:\n${text}`),
    '',
  ].join('\n');
}
