import { ascii, be32, concat, hex, u32be, u8 } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

const keys = ascii('InitiatorName=iqn.2001-04.invalid.picket:probe\0SessionType=Discovery\0AuthMethod=None\0');
const padded = concat(keys, new Uint8Array((4 - (keys.length % 4)) % 4));
/** Login Request (RFC 7143 section 11.12): security negotiation to operational negotiation, a discovery session; no password. */
const login = concat(
  hex('43 81 00 00'),
  be32(keys.length),
  hex('80 00 00 50 49 00 00 00', '50 69 63 6b', '00 00 00 00', '00 00 00 01', '00 00 00 00'),
  new Uint8Array(16),
  padded,
);

/** Begins the login of a discovery session; the answer has the same task tag. No session comes about. */
export const iscsi: ServiceProbe = {
  name: 'iscsi',
  help: 'Begins the login of an iSCSI discovery session and reads the status.',
  services: ['iscsi-target'],
  transport: 'tcp',
  opens: 'client',
  ports: [3260, 860],
  tlsPorts: [],
  proved: 'specification',
  next: (answers) => (answers.length === 0 ? login : null),
  whole: (answer) => answer.length >= 48,
  classify(answers) {
    const answer = answers[0] ?? new Uint8Array(0);
    if (answer.length < 48 || u8(answer, 0) !== 0x23 || u32be(answer, 16) !== 0x5069636b) return null;
    const status = u8(answer, 36);
    const says = status === 0 ? 'lets initiators discover' : `login status ${status}.${u8(answer, 37)}`;
    return { service: 'iscsi-target', info: says };
  },
};
