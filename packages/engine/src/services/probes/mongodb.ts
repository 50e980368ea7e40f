import { ascii, concat, hex, indexOf, latin, le32, u32le, untilNul } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** BSON `{buildInfo: 1, $db: "admin"}`: int32 (0x10) and string (0x02) elements. */
const elements = concat(ascii('\x10buildInfo\0'), le32(1), ascii('\x02$db\0'), le32(6), ascii('admin\0'), hex('00'));
/** OP_MSG (opcode 2013): flags, one section of kind 0. */
const body = concat(le32(0), hex('00'), le32(4 + elements.length), elements);
const requestId = 0x5069;
const request = concat(le32(16 + body.length), le32(requestId), le32(0), le32(2013), body);

/** Asks for buildInfo, which MongoDB tells without a login. */
export const mongodb: ServiceProbe = {
  name: 'mongodb',
  help: 'Asks for buildInfo, which MongoDB tells without a login.',
  services: ['mongodb'],
  transport: 'tcp',
  opens: 'client',
  ports: [27017, 27018, 27019],
  tlsPorts: [],
  fallbackRank: 8,
  proved: 'specification',
  next: (answers) => (answers.length === 0 ? request : null),
  whole: (answer) => answer.length >= 16 && answer.length >= Math.min(u32le(answer, 0), 60_000),
  classify(answers) {
    const answer = answers[0] ?? new Uint8Array(0);
    if (answer.length < 26 || u32le(answer, 8) !== requestId || u32le(answer, 12) !== 2013) return null;
    const key = ascii('\x02version\0');
    const at = indexOf(answer, key);
    const known = { service: 'mongodb', vendor: 'MongoDB', product: 'MongoDB' };
    if (at < 0) return { ...known, cpe: 'cpe:/a:mongodb:mongodb:-' };
    const version = latin(untilNul(answer.subarray(at + key.length + 4, at + key.length + 44)));
    if (!/^[0-9][0-9A-Za-z.-]{0,30}$/.test(version)) return { ...known, cpe: 'cpe:/a:mongodb:mongodb:-' };
    return { ...known, version, cpe: `cpe:/a:mongodb:mongodb:${version}` };
  },
};
