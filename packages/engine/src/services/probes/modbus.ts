import { ascii, hex, latin, startsWith, u16be, u8 } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

const header = hex('50 49 00 00');
/** Read Device Identification (function 43, MEI 14; Modbus application protocol V1.1b3 section 6.21), basic objects, unit 1. */
const request = hex('50 49 0000 0005 01 2b 0e 01 00');

/** Reads the identification of a controller. */
export const modbus: ServiceProbe = {
  name: 'modbus',
  help: 'Reads vendor, product and revision of a Modbus controller.',
  services: ['mbap'],
  transport: 'tcp',
  opens: 'client',
  ports: [502],
  tlsPorts: [],
  proved: 'specification',
  fragile: true,
  next: (answers) => (answers.length === 0 ? request : null),
  whole: (answer) => answer.length >= 6 && answer.length >= 6 + u16be(answer, 4),
  classify(answers) {
    const answer = answers[0] ?? new Uint8Array(0);
    if (!startsWith(answer, header) || u16be(answer, 4) !== answer.length - 6 || answer.length < 9) return null;
    // An exception has the high bit of the function set.
    if (u8(answer, 7) === 0xab && answer.length === 9) return { service: 'mbap', info: `exception ${u8(answer, 8)}` };
    if (u8(answer, 7) !== 0x2b || u8(answer, 8) !== 0x0e || startsWith(answer, request)) return null;
    const objects = deviceObjects(answer.subarray(14));
    const [vendor, product, version] = [objects.get(0), objects.get(1), objects.get(2)];
    return {
      service: 'mbap',
      ...(vendor ? { vendor } : {}),
      ...(product ? { product } : {}),
      ...(version ? { version: version.replace(/^V(?=[0-9])/i, '') } : {}),
    };
  },
};

/** Object id, length, text. */
function deviceObjects(bytes: Uint8Array): ReadonlyMap<number, string> {
  const objects = new Map<number, string>();
  for (let at = 0; at + 2 <= bytes.length; at += 2 + u8(bytes, at + 1)) {
    const text = latin(bytes.subarray(at + 2, at + 2 + u8(bytes, at + 1)));
    if (ascii(text).every((byte) => byte >= 0x20 && byte < 0x7f)) objects.set(u8(bytes, at), text.trim());
  }
  return objects;
}
