import { concat, hex, indexOf, u8 } from './bytes.ts';
import type { Identification } from './probe.ts';

const session = hex('50 69 63 6b 65 74 00 01');
/** P_CONTROL_HARD_RESET_CLIENT_V2 (opcode 7, key 0): our session, no acknowledgements, packet 0. */
export const openvpnReset: Uint8Array = concat(hex('38'), session, hex('00 00000000'));

/** P_CONTROL_HARD_RESET_SERVER_V2 (opcode 8) that acknowledges our session. Servers with a static key stay silent. */
export function openvpnIdentification(answer: Uint8Array): Identification | null {
  if (u8(answer, 0) >> 3 !== 8 || answer.length < 22 || answer.length > 200 || indexOf(answer, session, 9) < 0)
    return null;
  return { service: 'openvpn', vendor: 'OpenVPN', product: 'OpenVPN', cpe: 'cpe:/a:openvpn:openvpn:-' };
}
