import { decodeText } from '@picket/checks/fingerprints/decode-text';
import { concat, hex, u16le, u8, untilNul } from '../bytes.ts';
import type { Identification, ServiceProbe } from '../probe.ts';

/** Protocol::SSLRequest: length 32, number 1; protocol 4.1, TLS and secure connection; 16 MB, latin1, filler. Nobody is logged in. */
const sslRequest = concat(hex('200000 01', '00 8a 00 00', '000000 01', '08'), new Uint8Array(23));

/**
 * The server's first packet: 3 bytes length, sequence number 0, then protocol 10 with the version (Protocol::HandshakeV10) or
 * 0xff with an error (ERR_Packet), for example "Host ... is not allowed to connect".
 */
export const mysql: ServiceProbe = {
  name: 'mysql',
  help: 'Reads the handshake that MySQL and MariaDB send first, and upgrades to TLS when that is offered.',
  services: ['mysql'],
  transport: 'tcp',
  opens: 'server',
  ports: [3306, 3307, 3308, 33060, 4000],
  tlsPorts: [],
  proved: 'server',
  next(answers, context) {
    if (answers.length === 1) return !context.tls && offersTls(answers[0]) ? sslRequest : null;
    return answers.length === 2 ? 'start-tls' : null;
  },
  silent: (index) => index === 1,
  whole: (answer) => answer.length >= 4 && answer.length >= 4 + u16le(answer, 0),
  classify(answers) {
    const packet = answers[0] ?? new Uint8Array(0);
    const length = u16le(packet, 0) | (Math.max(0, u8(packet, 2)) << 16);
    if (packet.length < 9 || length < 5 || length > 1024 || u8(packet, 3) !== 0) return null;
    const body = packet.subarray(4, 4 + length);
    if (body[0] === 0x0a) return handshake(body);
    return body[0] === 0xff ? refusal(body) : null;
  },
};

function offersTls(packet: Uint8Array | undefined): boolean {
  const body = (packet ?? new Uint8Array(0)).subarray(4);
  return body[0] === 0x0a && handshake(body)?.startTls === true;
}

function handshake(body: Uint8Array): Identification | null {
  const version = untilNul(body.subarray(1, 128));
  const text = decodeText(version);
  if (!/^[0-9]{1,2}\.[0-9]{1,3}\.[0-9]/.test(text)) return null;
  // After the version: NUL, thread id (4), scramble (8), filler (1), capabilities (2); 0x0800 is CLIENT_SSL.
  const capabilities = u16le(body, 1 + version.length + 1 + 4 + 8 + 1);
  return {
    service: 'mysql',
    startTls: capabilities >= 0 && (capabilities & 0x0800) !== 0,
    banners: [{ database: 'mysql.banners', text }],
  };
}

function refusal(body: Uint8Array): Identification | null {
  const code = u16le(body, 1);
  const text = decodeText(body.subarray(3));
  if (code < 1000 || code > 4999 || !/^(?:#[0-9A-Z]{5})?[\x20-\x7e]{5,}/.test(text)) return null;
  const message = text.replace(/^#[0-9A-Z]{5}/, '');
  return { service: 'mysql', info: message, banners: [{ database: 'mysql.error', text: message }] };
}
