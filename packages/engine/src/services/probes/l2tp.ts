import { ascii, concat, hex, latin, u16be, u8 } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** Start-Control-Connection-Request (RFC 2661 section 6.1): version, framing, host name "picket", tunnel 0x5049. */
const attributes = concat(
  hex('8008 0000 0000 0001', '8008 0000 0002 0100', '800a 0000 0003 00000003', '800c 0000 0007'),
  ascii('picket'),
  hex('8008 0000 0009 5049'),
);
const request = concat(hex('c802'), Uint8Array.of(0, 12 + attributes.length), hex('0000 0000 0000 0000'), attributes);

/** Opens an L2TP tunnel and reads host and vendor name of the other end, which forgets the tunnel when nothing follows. */
export const l2tp: ServiceProbe = {
  name: 'l2tp',
  help: 'Opens an L2TP tunnel and reads host and vendor name of the other end.',
  services: ['l2tp'],
  transport: 'udp',
  opens: 'client',
  ports: [1701],
  tlsPorts: [],
  proved: 'server',
  next: (answers) => (answers.length === 0 ? request : null),
  classify(answers) {
    const answer = answers[0] ?? new Uint8Array(0);
    // A control message (T, L and S set) of version 2 for our tunnel.
    if ((u16be(answer, 0) & 0xcb0f) !== 0xc802 || u16be(answer, 2) !== answer.length || u16be(answer, 4) !== 0x5049)
      return null;
    const hostname = attribute(answer, 7);
    const vendor = attribute(answer, 8);
    return {
      service: 'l2tp',
      ...(hostname ? { hostname } : {}),
      ...(vendor ? { info: `vendor string "${vendor}"` } : {}),
    };
  },
};

/** Value of an attribute (section 4.1) of the IETF, as text. */
function attribute(message: Uint8Array, type: number): string | null {
  for (let at = 12; at + 6 <= message.length; ) {
    const length = u16be(message, at) & 0x3ff;
    if (length < 6) return null;
    if (u16be(message, at + 2) === 0 && u16be(message, at + 4) === type && (u8(message, at) & 0x40) === 0)
      return latin(message.subarray(at + 6, at + length));
    at += length;
  }
  return null;
}
