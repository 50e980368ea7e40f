import { ascii, be32, concat, u32be } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** XDR string (RFC 4506 section 4.11). */
function text(value: string): Uint8Array {
  return concat(be32(value.length), ascii(value), new Uint8Array((4 - (value.length % 4)) % 4));
}

/** op_connect (1) for op_attach (19), connect version 3; protocol 10, architecture 1, types 2 to 3, weight 2. */
const request = concat(
  be32(1),
  be32(19),
  be32(3),
  be32(1),
  text('picket'),
  be32(1),
  text(''),
  be32(10),
  be32(1),
  be32(2),
  be32(3),
  be32(2),
);

/** Begins to attach a database that does not exist. The server accepts or rejects the protocol; nobody is logged in. */
export const firebird: ServiceProbe = {
  name: 'firebird',
  help: 'Negotiates the wire protocol of a Firebird or InterBase database server.',
  services: ['gds-db'],
  transport: 'tcp',
  opens: 'client',
  ports: [3050],
  tlsPorts: [],
  proved: 'server',
  next: (answers) => (answers.length === 0 ? request : null),
  classify(answers) {
    const answer = answers[0] ?? new Uint8Array(0);
    const rejected = answer.length === 4 && u32be(answer, 0) === 4;
    // op_accept (3): version (with the mark of Firebird, 0x8000, from 11 on), architecture, type. op_response (9) holds an error.
    const accepted = answer.length === 16 && u32be(answer, 0) === 3 && (u32be(answer, 4) & 0x7fff) <= 30;
    const refused = answer.length >= 28 && u32be(answer, 0) === 9 && u32be(answer, 4) === 0 && u32be(answer, 16) === 1;
    if (!rejected && !accepted && !refused) return null;
    return {
      service: 'gds-db',
      ...(rejected
        ? { confidence: 0.7 }
        : { info: accepted ? `protocol ${u32be(answer, 4) & 0x7fff}` : 'protocol refused' }),
    };
  },
};
