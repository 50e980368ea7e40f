import { ascii, concat, hex, latin, le32, u32le } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

const banner = ascii('host::\0');
/** CNXN: version, most data, banner, its sum, and the command's complement (protocol.txt of the Android Debug Bridge). */
const request = concat(
  ascii('CNXN'),
  le32(0x0100_0000),
  le32(4096),
  le32(banner.length),
  le32(banner.reduce((sum, byte) => sum + byte, 0)),
  hex('bc b1 a7 b1'),
  banner,
);

/** Connects to the debug bridge of an Android device; it connects, or asks for a key. */
export const adb: ServiceProbe = {
  name: 'adb',
  help: 'Connects to the debug bridge of an Android device and reads its banner.',
  services: ['adb'],
  transport: 'tcp',
  opens: 'client',
  ports: [5555],
  tlsPorts: [],
  proved: 'specification',
  next: (answers) => (answers.length === 0 ? request : null),
  whole: (answer) => answer.length >= 24 && answer.length >= 24 + Math.min(u32le(answer, 12), 60_000),
  classify(answers) {
    const answer = answers[0] ?? new Uint8Array(0);
    const command = latin(answer.subarray(0, 4));
    if (answer.length < 24 || !['CNXN', 'AUTH', 'STLS'].includes(command)) return null;
    // The complement of the command ends the header.
    if (u32le(answer, 20) !== 0xffffffff - u32le(answer, 0)) return null;
    const told = latin(answer.subarray(24, 324));
    if (command === 'CNXN' && told.startsWith('host:')) return null;
    const model = /ro\.product\.model=([^;\0]{1,60})/.exec(told)?.[1];
    return {
      service: 'adb',
      info: command === 'CNXN' ? `open debug bridge${model ? ` of ${model}` : ''}` : 'asks for a key',
      os: { vendor: 'Google', product: 'Android' },
    };
  },
};
