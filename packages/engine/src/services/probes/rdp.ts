import { berWhole } from '../ber.ts';
import { hex, u16be, u32le, u8 } from '../bytes.ts';
import { credSspNegotiate } from '../credssp-message.ts';
import { findChallenge } from '@picket/ntlm/challenge';
import { ntlmSystem } from '../ntlm-system.ts';
import type { Identification, ServiceProbe } from '../probe.ts';

/** X.224 connection request with an RDP negotiation request for TLS and CredSSP (MS-RDPBCGR section 2.2.1.1). */
const request = hex('03 00 00 13', '0e e0 00 00 00 00 00', '01 00 08 00 0b 00 00 00');
const chosen: Readonly<Record<number, string>> = {
  0: 'RDP security',
  1: 'TLS',
  2: 'CredSSP',
  8: 'CredSSP with early authorization',
};

/** Negotiates the security protocol of a remote desktop, looks at its certificate, and with CredSSP reads the NTLM challenge. Nobody is logged in. */
export const rdp: ServiceProbe = {
  name: 'rdp',
  help: 'Negotiates the security protocol of a remote desktop and looks at its certificate; with CredSSP, host and domain name and build of Windows.',
  services: ['ms-wbt-server'],
  transport: 'tcp',
  opens: 'client',
  ports: [3389, 3388, 3390],
  tlsPorts: [],
  fallbackRank: 13,
  proved: 'server',
  next(answers) {
    if (answers.length === 0) return request;
    const protocol = selected(answers[0]) ?? 0;
    if (answers.length === 1) return protocol > 0 ? 'start-tls' : null;
    return answers.length === 2 && (protocol === 2 || protocol === 8) ? credSspNegotiate : null;
  },
  whole: (answer, index) =>
    index === 2 ? berWhole(answer, 0x30) : answer.length >= 4 && answer.length >= u16be(answer, 2),
  classify(answers) {
    const answer = answers[0] ?? new Uint8Array(0);
    if (!isConfirm(answer)) return null;
    const protocol = selected(answer);
    return {
      service: 'ms-wbt-server',
      startTls: (protocol ?? 0) > 0,
      ...hostOf(
        `security: ${protocol === null ? 'classic or refused' : (chosen[protocol] ?? `type ${protocol}`)}`,
        answers[2],
      ),
    };
  },
};

/** What the NTLM challenge inside CredSSP adds to what was negotiated. */
function hostOf(security: string, answer: Uint8Array | undefined): Partial<Identification> {
  const challenge = answer ? findChallenge(answer) : null;
  if (!challenge) return { info: security };
  const hostname = challenge.dnsComputer || challenge.computer;
  // FreeRDP's server library states Windows 7 on whatever it runs: seen with freerdp-shadow 2.11 on Linux.
  const anybody = challenge.osVersion === '6.1.7601';
  const os = anybody ? null : ntlmSystem(challenge.osVersion);
  const names = [
    ...(challenge.computer ? [`name ${challenge.computer}`] : []),
    ...(challenge.domain ? [`domain ${challenge.domain}`] : []),
    ...(anybody ? ['states version 6.1.7601 as FreeRDP does on any system'] : []),
  ];
  return { info: [security, ...names].join(', '), ...(hostname ? { hostname } : {}), ...(os ? { os } : {}) };
}

/** TPKT version 3, and an X.224 connection confirm (0xd0). */
function isConfirm(answer: Uint8Array): boolean {
  return (
    u16be(answer, 0) === 0x0300 && u16be(answer, 2) === answer.length && answer.length >= 11 && u8(answer, 5) === 0xd0
  );
}

/** The protocol in an RDP negotiation response (type 2), or null. */
function selected(answer: Uint8Array | undefined): number | null {
  return answer && isConfirm(answer) && answer.length >= 19 && u8(answer, 11) === 2 ? u32le(answer, 15) : null;
}
