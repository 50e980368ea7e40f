import { decodeText } from '@picket/checks/fingerprints/decode-text';
import { hex, u16be, u32be, u8 } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** DSIGetStatus (command 3), request 0x5049: server name, machine type and versions before any login. */
const request = hex('00 03 5049 00000000 00000000 00000000');

/** Reads the status block of an Apple file server. */
export const afp: ServiceProbe = {
  name: 'afp',
  help: 'Reads name, machine type and versions of an Apple file server before any login.',
  services: ['afpovertcp'],
  transport: 'tcp',
  opens: 'client',
  ports: [548],
  tlsPorts: [],
  proved: 'specification',
  next: (answers) => (answers.length === 0 ? request : null),
  whole: (answer) => answer.length >= 16 && answer.length >= 16 + Math.min(u32be(answer, 8), 60_000),
  classify(answers) {
    const answer = answers[0] ?? new Uint8Array(0);
    if (u16be(answer, 0) !== 0x0103 || u16be(answer, 2) !== 0x5049 || u32be(answer, 8) !== answer.length - 16)
      return null;
    const block = answer.subarray(16);
    const pascal = (at: number) =>
      at < 0 ? '' : decodeText(block.subarray(at + 1, at + 1 + Math.max(0, u8(block, at))));
    const machine = pascal(u16be(block, 0));
    const name = pascal(10);
    const netatalk = /^Netatalk\s?([0-9][0-9.]{0,10})/i.exec(machine)?.[1];
    return {
      service: 'afpovertcp',
      info: `machine type ${machine}`,
      ...(name === '' ? {} : { hostname: name }),
      ...(netatalk ? { vendor: 'Netatalk', product: 'Netatalk', version: netatalk } : {}),
    };
  },
};
