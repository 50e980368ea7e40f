import { ascii, concat, hex, indexOf, u16be, u8 } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

const name = ascii('FCGI_MPXS_CONNS');
const pair = concat(Uint8Array.of(name.length, 0), name);
/** FCGI_GET_VALUES (type 9) on request 0, padded to eight bytes (FastCGI specification 1.0, section 4.1). */
const request = concat(
  hex('01 09 00 00'),
  Uint8Array.of(0, pair.length, (8 - (pair.length % 8)) % 8, 0),
  pair,
  new Uint8Array((8 - (pair.length % 8)) % 8),
);

/** Asks a FastCGI application for one of its values; nothing is run. */
export const fastcgi: ServiceProbe = {
  name: 'fastcgi',
  help: 'Asks a FastCGI application server whether it multiplexes; nothing is run.',
  services: ['fastcgi'],
  transport: 'tcp',
  opens: 'client',
  ports: [9000],
  tlsPorts: [],
  proved: 'server',
  next: (answers) => (answers.length === 0 ? request : null),
  whole: (answer) => answer.length >= 8 && answer.length >= 8 + u16be(answer, 4) + u8(answer, 6),
  classify(answers) {
    const answer = answers[0] ?? new Uint8Array(0);
    // FCGI_GET_VALUES_RESULT is type 10.
    const result = answer.length >= 8 && u8(answer, 0) === 1 && u8(answer, 1) === 10 && u16be(answer, 2) === 0;
    return result && (u16be(answer, 4) === 0 || indexOf(answer, name) > 0)
      ? { service: 'fastcgi', info: 'application server without a web server before it' }
      : null;
  },
};
