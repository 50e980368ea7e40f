import { decodeText } from '@picket/checks/fingerprints/decode-text';
import { hex, u16le, u32le, u8 } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** Connection setup of the X protocol, version 11.0, little-endian, no authorization. */
const setup = hex('6c 00', '0b 00', '00 00', '00 00', '00 00', '00 00');

/** Asks an X server for a connection without authorization; it is closed at once. */
export const x11: ServiceProbe = {
  name: 'x11',
  help: 'Asks an X server for a connection without authorization; it is closed at once.',
  services: ['x11'],
  transport: 'tcp',
  opens: 'client',
  ports: [6000, 6001, 6002, 6003, 6004, 6005, 6010],
  tlsPorts: [],
  proved: 'server',
  next: (answers) => (answers.length === 0 ? setup : null),
  whole: (answer) => answer.length >= 8 && answer.length >= 8 + u16le(answer, 6) * 4,
  classify(answers) {
    const answer = answers[0] ?? new Uint8Array(0);
    // Success 1 or failure 0, protocol 11, length of the rest in units of four bytes.
    if (answer.length < 12 || u16le(answer, 2) !== 11 || u16le(answer, 6) * 4 !== answer.length - 8) return null;
    if (u8(answer, 0) === 0)
      return { service: 'x11', info: `access refused: ${decodeText(answer.subarray(8, 8 + u8(answer, 1)))}` };
    if (u8(answer, 0) !== 1) return null;
    const vendor = decodeText(answer.subarray(40, 40 + Math.min(u16le(answer, 24), 128)));
    return {
      service: 'x11',
      info: `access without authorization, release ${u32le(answer, 8)}`,
      banners: [{ database: 'x11.vendor', text: `${vendor} ${releaseVersion(u32le(answer, 8))}` }],
    };
  },
};

/** X.Org's release number is decimal, M mm pp sss. Since 21.1 the leading 1 is no part of the version: `1.20.11`, `21.1.7`. */
function releaseVersion(release: number): string {
  const [major, minor, patch, snapshot] = [
    release / 1e7,
    (release / 1e5) % 100,
    (release / 1e3) % 100,
    release % 1e3,
  ].map(Math.floor);
  return (minor ?? 0) >= 21 ? `${minor}.${patch}.${snapshot}` : `${major}.${minor}.${patch}`;
}
