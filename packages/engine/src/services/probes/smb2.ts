import { u32be } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';
import { smbIdentification } from '../smb-identification.ts';
import { decodeNegotiated, smb2Negotiate, smb2SessionSetup } from '../smb2-message.ts';

/** MS-SMB2 over direct TCP: NEGOTIATE, then the first half of an NTLM login for the server's names. Nobody is logged in. */
export const smb2: ServiceProbe = {
  name: 'smb2',
  help: 'Negotiates a dialect and reads the NTLM challenge: dialect, signing, host and domain name.',
  services: ['microsoft-ds'],
  transport: 'tcp',
  opens: 'client',
  ports: [445, 1445, 4450],
  tlsPorts: [],
  fallbackRank: 10,
  proved: 'server',
  next(answers) {
    if (answers.length === 0) return smb2Negotiate;
    return answers.length === 1 && decodeNegotiated(answers[0] ?? new Uint8Array(0)) ? smb2SessionSetup : null;
  },
  whole: (answer) => answer.length >= 4 && answer.length >= 4 + (u32be(answer, 0) & 0xffffff),
  classify: (answers) => smbIdentification('microsoft-ds', answers[0] ?? new Uint8Array(0), answers[1]),
};
