import { latin, u16be, u8 } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** Control message (RFC 9327 section 2): version 2, mode 6, opcode 2 (read variables) of the system. Reads only. */
const request = Uint8Array.from([0x16, 0x02, 0x50, 0x49, 0, 0, 0, 0, 0, 0, 0, 0]);

/** Reads the system variables of an NTP server, the program version among them. */
export const ntpControl: ServiceProbe = {
  name: 'ntp-control',
  help: 'Reads the system variables of an NTP server, the program version among them.',
  services: ['ntp'],
  transport: 'udp',
  opens: 'client',
  ports: [123],
  tlsPorts: [],
  proved: 'specification',
  next: (answers) => (answers.length === 0 ? request : null),
  classify(answers) {
    const answer = answers[0] ?? new Uint8Array(0);
    if (answer.length < 12 || (u8(answer, 0) & 7) !== 6 || (u8(answer, 1) & 0x80) === 0 || u16be(answer, 2) !== 0x5049)
      return null;
    const text = latin(answer.subarray(12, 12 + Math.max(0, u16be(answer, 10))));
    const system = /\bsystem="([^"]{1,100})"/.exec(text)?.[1];
    return {
      service: 'ntp',
      info: `answers control queries${system === undefined ? '' : `, system ${system}`}`,
      banners: [
        { database: 'ntp.readvar', text },
        ...(system === undefined ? [] : [{ database: 'ntp.system', text: system }]),
      ],
    };
  },
};
