import { ber } from '../../../services/ber.ts';

/** The second token of SPNEGO: NegTokenResp with the response alone (RFC 4178 section 4.2.2). */
export function spnegoResponse(message: Uint8Array): Uint8Array {
  return ber(0xa1, ber(0x30, ber(0xa2, ber(0x04, message))));
}
