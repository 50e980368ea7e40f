import { ber, berAt, berChildren, berInteger } from './ber.ts';
import { ascii, hex, latin } from './bytes.ts';
import type { Identification } from './probe.ts';

const realm = ber(0x1b, ascii('PICKET.INVALID'));
function name(type: number, ...parts: readonly string[]): Uint8Array {
  return ber(
    0x30,
    ber(0xa0, ber(0x02, Uint8Array.of(type))),
    ber(0xa1, ber(0x30, ...parts.map((part) => ber(0x1b, ascii(part))))),
  );
}

/** AS-REQ (RFC 4120 section 5.4.1) for a realm that no one serves, without pre-authentication: an error names the real one. */
export const kerberosRequest: Uint8Array = ber(
  0x6a,
  ber(
    0x30,
    ber(0xa1, hex('02 01 05')),
    ber(0xa2, hex('02 01 0a')),
    ber(
      0xa4,
      ber(
        0x30,
        ber(0xa0, hex('03 05 00 00 00 00 10')),
        ber(0xa1, name(1, 'picket')),
        ber(0xa2, realm),
        ber(0xa3, name(2, 'krbtgt', 'PICKET.INVALID')),
        ber(0xa5, ber(0x18, ascii('20370101000000Z'))),
        ber(0xa7, hex('02 04 50 69 63 6b')),
        ber(0xa8, ber(0x30, hex('02 01 12 02 01 11 02 01 17'))),
      ),
    ),
  ),
);

/** Total: a KRB-ERROR (APPLICATION 30) or AS-REP (APPLICATION 11) of version 5. */
export function kerberosIdentification(answer: Uint8Array): Identification | null {
  const message = berAt(answer, 0);
  if (!message || message.end !== answer.length || (message.tag !== 0x7e && message.tag !== 0x6b)) return null;
  const fields = berChildren(berChildren(message.content)[0]?.content ?? new Uint8Array(0));
  const field = (tag: number) => berChildren(fields.find((each) => each.tag === tag)?.content ?? new Uint8Array(0))[0];
  if (berInteger(field(0xa0)?.content ?? new Uint8Array(0)) !== 5) return null;
  const code = berInteger(field(0xa6)?.content ?? new Uint8Array(0));
  const served = latin(field(0xa9)?.content ?? new Uint8Array(0));
  const time = latin(field(0xa4)?.content ?? new Uint8Array(0));
  return {
    service: 'kerberos',
    info: [
      served !== '' && served !== 'PICKET.INVALID' ? `realm ${served}` : '',
      code >= 0 ? `error ${code}` : '',
      /^[0-9]{14}Z$/.test(time) ? `server time ${time}` : '',
    ]
      .filter((part) => part !== '')
      .join(', '),
  };
}
