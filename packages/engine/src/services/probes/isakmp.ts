import { be16, be32, concat, hex, startsWith, u32be, u8 } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

const spi = hex('50 69 63 6b 65 74 00 01');

function payload(next: number, body: Uint8Array): Uint8Array {
  return concat(Uint8Array.of(next, 0), be16(4 + body.length), body);
}

/** One proposal: AES-CBC-256, PRF and integrity with HMAC-SHA-256, MODP group 14 (RFC 7296 section 3.3). */
const proposal = concat(
  hex('00 00 00 2c 01 01 00 04'),
  hex('03 00 00 0c 01 00 000c 800e 0100', '03 00 00 08 02 00 0005', '03 00 00 08 03 00 000c', '00 00 00 08 04 00 000e'),
);
/** Key and nonce are constants: the exchange is never finished. */
const body = concat(
  payload(34, proposal),
  payload(40, concat(hex('000e 0000'), new Uint8Array(256).fill(0x51))),
  payload(0, new Uint8Array(32).fill(0x50)),
);
/** IKE_SA_INIT (exchange 34) by the initiator, version 2.0, message 0. */
const request = concat(spi, new Uint8Array(8), hex('21 20 22 08 00000000'), be32(28 + body.length), body);

/** Proposes a security association of IKEv2; the answer, or the refusal, carries our index. */
export const isakmp: ServiceProbe = {
  name: 'isakmp',
  help: 'Proposes a security association of IKEv2 and reads the answer or the refusal.',
  services: ['isakmp'],
  transport: 'udp',
  opens: 'client',
  ports: [500],
  tlsPorts: [],
  proved: 'server',
  next: (answers) => (answers.length === 0 ? request : null),
  classify(answers) {
    const answer = answers[0] ?? new Uint8Array(0);
    if (answer.length < 28 || !startsWith(answer, spi) || u32be(answer, 24) !== answer.length) return null;
    const version = u8(answer, 17) >> 4;
    // The second version has a flag for answers.
    if (version !== 1 && !(version === 2 && (u8(answer, 19) & 0x20) !== 0)) return null;
    const vendor = u8(answer, 16) === 41 ? 'proposal refused' : 'proposal answered';
    return { service: 'isakmp', info: `IKEv${version}, ${vendor}` };
  },
};
