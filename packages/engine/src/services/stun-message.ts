import { decodeText } from '@picket/checks/fingerprints/decode-text';
import { concat, hex, startsWith, u16be, u32be } from './bytes.ts';
import type { Identification } from './probe.ts';

const cookieAndTransaction = hex('2112a442', '5069636b 6574202d 5354554e');
/** Binding request (RFC 8489 section 5) without attributes. */
export const stunBinding: Uint8Array = concat(hex('0001 0000'), cookieAndTransaction);

/** Total: a binding success (0x0101) or error (0x0111) of our transaction; SOFTWARE (0x8022) names the program. */
export function stunIdentification(answer: Uint8Array): Identification | null {
  const type = u16be(answer, 0);
  if ((type !== 0x0101 && type !== 0x0111) || !startsWith(answer.subarray(4), cookieAndTransaction)) return null;
  const software = attribute(answer, 0x8022);
  const coturn = /^Coturn-([0-9][0-9.]{1,12}[0-9])/.exec(software ?? '')?.[1];
  return {
    service: 'stun',
    ...(software ? { info: software } : {}),
    ...(coturn
      ? { vendor: 'Coturn', product: 'coturn', version: coturn, cpe: `cpe:/a:coturn_project:coturn:${coturn}` }
      : {}),
  };
}

function attribute(message: Uint8Array, type: number): string | null {
  for (let at = 20; at + 4 <= message.length; ) {
    const length = u16be(message, at + 2);
    if (u16be(message, at) === type) return decodeText(message.subarray(at + 4, at + 4 + length));
    at += 4 + length + ((4 - (length % 4)) % 4);
  }
  return null;
}

/** True when the message is as long as its header says. */
export function stunWhole(answer: Uint8Array): boolean {
  return u32be(answer, 0) < 0 ? false : answer.length >= 20 + u16be(answer, 2);
}
