import { hex, u16be, u8 } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** TPKT (RFC 1006) with a COTP connection request (ISO 8073): rack 0, slot 2, PDU of 1024 bytes. */
const connect = hex('0300 0016', '11 e0 0000 5049 00', 'c0 01 0a', 'c1 02 0100', 'c2 02 0102');
/** S7 communication set-up (function 0xf0): job, one call at a time, PDU of 480 bytes. */
const setup = hex('0300 0019', '02 f0 80', '32 01 0000 5049 0008 0000', 'f0 00 0001 0001 01e0');

/** Connects to a Siemens controller and agrees on the size of messages; reads and writes nothing. */
export const s7comm: ServiceProbe = {
  name: 's7comm',
  help: 'Connects to a Siemens S7 controller and agrees on the size of messages.',
  services: ['iso-tsap'],
  transport: 'tcp',
  opens: 'client',
  ports: [102],
  tlsPorts: [],
  proved: 'specification',
  fragile: true,
  next: (answers) => (answers.length === 0 ? connect : answers.length === 1 && confirms(answers[0]) ? setup : null),
  whole: (answer) => answer.length >= 4 && answer.length >= u16be(answer, 2),
  classify(answers) {
    if (!confirms(answers[0])) return null;
    const answer = answers[1] ?? new Uint8Array(0);
    // Acknowledgement with data (3) to our call.
    const s7 = u8(answer, 7) === 0x32 && u8(answer, 8) === 3 && u16be(answer, 11) === 0x5049;
    return s7
      ? { service: 'iso-tsap', vendor: 'Siemens', product: 'SIMATIC S7', info: `PDU of ${u16be(answer, 25)} bytes` }
      : { service: 'iso-tsap', info: 'ISO transport on TCP' };
  },
};

/** A COTP connection confirm (0xd0) for our reference. */
function confirms(answer: Uint8Array | undefined): boolean {
  return (
    answer !== undefined &&
    u16be(answer, 0) === 0x0300 &&
    u16be(answer, 2) === answer.length &&
    u8(answer, 5) === 0xd0 &&
    u16be(answer, 6) === 0x5049
  );
}
