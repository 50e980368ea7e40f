import { be16, concat, hex, u16be, u8 } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

const hello = concat(
  hex('fefd'),
  new Uint8Array(32).fill(0x50),
  hex('00 00'),
  // ECDHE and RSA with AES-GCM and AES-CBC, and AES-CCM-8 with a pre-shared key, which constrained devices use.
  hex('0010', 'c02b c02f c02c c030 c0ae 009c 002f c0a8', '01 00'),
  hex('0016', '000a 0006 0004 001d 0017', '000d 0008 0006 0403 0804 0401'),
);
const length = hello.length;
/** ClientHello of DTLS 1.2 (RFC 6347 section 4.2.2) in one fragment. */
const handshake = concat(Uint8Array.of(1, 0), be16(length), hex('0000 000000'), Uint8Array.of(0), be16(length), hello);
const request = concat(hex('16 feff 0000 000000000000'), be16(handshake.length), handshake);

/** Says hello in DTLS; a server asks back with a cookie (HelloVerifyRequest) before it holds anything. */
export const dtls: ServiceProbe = {
  name: 'dtls',
  help: 'Says hello in DTLS and reads the request to prove the address.',
  services: ['dtls', 'coaps'],
  transport: 'udp',
  opens: 'client',
  ports: [5684, 4433, 443, 3391],
  tlsPorts: [],
  fallbackRank: 7,
  proved: 'server',
  next: (answers) => (answers.length === 0 ? request : null),
  classify(answers, context) {
    const answer = answers[0] ?? new Uint8Array(0);
    const type = u8(answer, 0);
    if (answer.length < 15 || u8(answer, 1) !== 0xfe || u16be(answer, 11) > answer.length - 13) return null;
    // Handshake: HelloVerifyRequest (3) or ServerHello (2). Alert: two bytes.
    const spoken = type === 22 ? [2, 3].includes(u8(answer, 13)) : type === 21 && u16be(answer, 11) === 2;
    if (!spoken) return null;
    return {
      service: context.port === 5684 ? 'coaps' : 'dtls',
      info: type === 21 ? `alert ${u8(answer, 14)}` : 'DTLS',
    };
  },
};
