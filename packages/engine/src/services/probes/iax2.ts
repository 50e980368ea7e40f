import { hex, u16be, u8 } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** POKE (RFC 5456 section 6.7.1): full frame, source call 1, type IAX (6), subclass 30. PONG (3) or INVAL (10) comes back. */
export const iax2: ServiceProbe = {
  name: 'iax2',
  help: 'Pokes an Inter-Asterisk exchange and reads its pong.',
  services: ['iax'],
  transport: 'udp',
  opens: 'client',
  ports: [4569],
  tlsPorts: [],
  proved: 'specification',
  next: (answers) => (answers.length === 0 ? hex('8001 0000 00000000 00 00 06 1e') : null),
  classify(answers) {
    const answer = answers[0] ?? new Uint8Array(0);
    if (
      answer.length < 12 ||
      (u16be(answer, 0) & 0x8000) === 0 ||
      (u16be(answer, 2) & 0x7fff) !== 1 ||
      u8(answer, 10) !== 6
    )
      return null;
    return [3, 4, 10].includes(u8(answer, 11)) ? { service: 'iax' } : null;
  },
};
