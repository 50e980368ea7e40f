import { ascii, concat, hex, u16be, u8 } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';
import { smbIdentification } from '../smb-identification.ts';
import { smb2Negotiate, smb2SessionSetup } from '../smb2-message.ts';

/** Encodes a NetBIOS name half-ASCII (RFC 1001 section 14.1): each nibble plus `A`. */
function encoded(name: string, suffix: number): Uint8Array {
  const bytes = concat(ascii(name.padEnd(15, ' ')), Uint8Array.of(suffix));
  return concat(
    hex('20'),
    Uint8Array.from([...bytes].flatMap((byte) => [0x41 + (byte >> 4), 0x41 + (byte & 15)])),
    hex('00'),
  );
}

const names = concat(encoded('*SMBSERVER', 0x20), encoded('PICKET', 0));
/** Session request (RFC 1002 section 4.3.2): type 0x81, called and calling name. */
const sessionRequest = concat(hex('81 00 00'), Uint8Array.of(names.length), names);

/** Asks for a NetBIOS session with *SMBSERVER and negotiates SMB over it. */
export const netbiosSsn: ServiceProbe = {
  name: 'netbios-ssn',
  help: 'Asks for a NetBIOS session with *SMBSERVER and negotiates SMB over it.',
  services: ['netbios-ssn'],
  transport: 'tcp',
  opens: 'client',
  ports: [139],
  tlsPorts: [],
  proved: 'server',
  next(answers) {
    if (answers.length === 0) return sessionRequest;
    if (u8(answers[0] ?? new Uint8Array(0), 0) !== 0x82) return null;
    return answers.length === 1 ? smb2Negotiate : answers.length === 2 ? smb2SessionSetup : null;
  },
  whole: (answer) => answer.length >= 4 && answer.length >= 4 + u16be(answer, 2),
  classify(answers) {
    const first = answers[0] ?? new Uint8Array(0);
    // 0x82 positive, 0x83 negative with an error of 0x80 to 0x8f (section 4.3.4); both are all but empty.
    const positive = first.length === 4 && u8(first, 0) === 0x82 && u16be(first, 2) === 0;
    const negative =
      first.length === 5 && u8(first, 0) === 0x83 && u16be(first, 2) === 1 && (u8(first, 4) & 0xf0) === 0x80;
    if (!positive && !negative) return null;
    return smbIdentification('netbios-ssn', answers[1] ?? new Uint8Array(0), answers[2]) ?? { service: 'netbios-ssn' };
  },
};
