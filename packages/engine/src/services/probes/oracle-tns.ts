import { ascii, be16, concat, hex, latin, u16be, u8 } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

const command = ascii('(CONNECT_DATA=(COMMAND=ping))');
/** TNS CONNECT packet (type 1), version 310 down to 300, with a ping for the listener. */
const request = concat(
  be16(58 + command.length),
  hex('0000 01 00 0000', '0136 012c 0000 0800 7fff 7f08 0000 0001'),
  be16(command.length),
  hex('003a 00000000', '00 00', '0000000000000000', '0000000000000000', '00000000'),
  hex('0000'),
  command,
);

/** Pings an Oracle listener. */
export const oracleTns: ServiceProbe = {
  name: 'oracle-tns',
  help: 'Pings an Oracle listener.',
  services: ['oracle-tns'],
  transport: 'tcp',
  opens: 'client',
  ports: [1521, 1522, 1526, 2483],
  tlsPorts: [2484],
  proved: 'specification',
  next: (answers) => (answers.length === 0 ? request : null),
  whole: (answer) => answer.length >= 8 && answer.length >= u16be(answer, 0),
  classify(answers) {
    const answer = answers[0] ?? new Uint8Array(0);
    // Accept 2, refuse 4, redirect 5 or resend 11, with the length of the whole.
    if (answer.length < 8 || u16be(answer, 0) !== answer.length || ![2, 4, 5, 11].includes(u8(answer, 4))) return null;
    const text = latin(answer);
    if (u8(answer, 4) !== 11 && !text.includes('(')) return null;
    const number = /VSNNUM=([0-9]{6,12})/.exec(text)?.[1];
    const version = number === undefined ? undefined : versionOf(Number(number));
    return {
      service: 'oracle-tns',
      vendor: 'Oracle',
      product: 'Oracle listener',
      ...(version ? { version, cpe: `cpe:/a:oracle:database_server:${version}` } : {}),
    };
  },
};

/** VSNNUM packs five parts into 8, 4, 8, 4 and 8 bits. */
function versionOf(number: number): string {
  return [number >>> 24, (number >>> 20) & 15, (number >>> 12) & 255, (number >>> 8) & 15, number & 255].join('.');
}
