import { ascii, be16, concat, hex, latin, u16be, u8 } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

function text(value: string): Uint8Array {
  return concat(be16(value.length), ascii(value));
}

const body = concat(text(''), hex('ffff'), text('default'));
/** Service Type Request (RFC 2608 section 10.1) for all naming authorities in the scope "default". */
const request = concat(hex('02 09 00'), be16(16 + body.length), hex('0000 000000 5049'), text('en'), body);

/** Asks a service location agent, by unicast, which types of services it knows. */
export const slp: ServiceProbe = {
  name: 'slp',
  help: 'Asks a service location agent which types of services it knows.',
  services: ['svrloc'],
  transport: 'udp',
  opens: 'client',
  ports: [427],
  tlsPorts: [],
  proved: 'specification',
  next: (answers) => (answers.length === 0 ? request : null),
  classify(answers) {
    const answer = answers[0] ?? new Uint8Array(0);
    if (
      u8(answer, 0) !== 2 ||
      u8(answer, 1) !== 10 ||
      u16be(answer, 3) !== answer.length ||
      u16be(answer, 10) !== 0x5049
    )
      return null;
    const at = 14 + u16be(answer, 12);
    const types = latin(answer.subarray(at + 4, at + 4 + Math.max(0, u16be(answer, at + 2))));
    return { service: 'svrloc', info: types === '' ? 'no services' : types.slice(0, 200) };
  },
};
