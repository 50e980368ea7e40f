import { hex, startsWith, u32be } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** enquire_link (SMPP 3.4 section 4.11), sequence "Pick": answered, or refused by generic_nack, before any bind. */
export const smpp: ServiceProbe = {
  name: 'smpp',
  help: 'Tests the link to a short message centre without binding.',
  services: ['smpp'],
  transport: 'tcp',
  opens: 'client',
  ports: [2775],
  tlsPorts: [],
  proved: 'specification',
  next: (answers) => (answers.length === 0 ? hex('00000010 00000015 00000000 5069636b') : null),
  whole: (answer) => answer.length >= 16,
  classify(answers) {
    const answer = answers[0] ?? new Uint8Array(0);
    if (answer.length !== 16 || u32be(answer, 0) !== 16 || !startsWith(answer.subarray(12), hex('5069636b')))
      return null;
    return [0x80000015, 0x80000000].includes(u32be(answer, 4)) ? { service: 'smpp' } : null;
  },
};
