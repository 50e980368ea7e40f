import { ascii, concat, hex, le32, startsWith, u32le } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** SpiceLinkMess: magic, version 2.2, size, connection 0, main channel, no capabilities. */
const request = concat(ascii('REDQ'), le32(2), le32(2), le32(18), hex('00000000 01 00'), le32(0), le32(0), le32(18));

/** Opens the main channel of a virtual machine's display; the answer holds a key for the password, none is sent. */
export const spice: ServiceProbe = {
  name: 'spice',
  help: "Opens the main channel of a virtual machine's display and reads the answer.",
  services: ['spice'],
  transport: 'tcp',
  opens: 'client',
  ports: [5930, 5900, 5901, 5902],
  tlsPorts: [5901],
  proved: 'specification',
  next: (answers) => (answers.length === 0 ? request : null),
  whole: (answer) => answer.length >= 16 && answer.length >= 16 + Math.min(u32le(answer, 12), 4096),
  classify(answers) {
    const answer = answers[0] ?? new Uint8Array(0);
    if (!startsWith(answer, ascii('REDQ')) || answer.length < 20 || startsWith(answer, request)) return null;
    return {
      service: 'spice',
      info: `version ${u32le(answer, 4)}.${u32le(answer, 8)}, link code ${u32le(answer, 16)}`,
    };
  },
};
