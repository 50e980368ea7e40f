import { hex, startsWith, u16be, u32be, u8 } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

const mark = hex('50 69 63 6b 65 74 00 01');

/** The ping of a Mumble client: type 0 and a mark; version, mark, users, most users and bandwidth come back. */
export const mumble: ServiceProbe = {
  name: 'mumble',
  help: 'Pings a Mumble voice server and reads version and number of users.',
  services: ['mumble'],
  transport: 'udp',
  opens: 'client',
  ports: [64738],
  tlsPorts: [],
  proved: 'server',
  next: (answers) => (answers.length === 0 ? Uint8Array.of(0, 0, 0, 0, ...mark) : null),
  classify(answers) {
    const answer = answers[0] ?? new Uint8Array(0);
    if (answer.length !== 24 || !startsWith(answer.subarray(4), mark)) return null;
    const version = `${u16be(answer, 0)}.${u8(answer, 2)}.${u8(answer, 3)}`;
    return {
      service: 'mumble',
      vendor: 'Mumble',
      product: 'Mumble server',
      version,
      cpe: `cpe:/a:mumble:mumble:${version}`,
      info: `${u32be(answer, 12)} of ${u32be(answer, 16)} users`,
    };
  },
};
