import { hex, u16be, u32le, u8 } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** X.224 connection request with an RDP negotiation request for TLS and CredSSP (MS-RDPBCGR section 2.2.1.1). */
const request = hex('03 00 00 13', '0e e0 00 00 00 00 00', '01 00 08 00 0b 00 00 00');
const chosen: Readonly<Record<number, string>> = {
  0: 'RDP security',
  1: 'TLS',
  2: 'CredSSP',
  8: 'CredSSP with early authorization',
};

/** Negotiates the security protocol of a remote desktop and looks at its certificate. */
export const rdp: ServiceProbe = {
  name: 'rdp',
  help: 'Negotiates the security protocol of a remote desktop and looks at its certificate.',
  services: ['ms-wbt-server'],
  transport: 'tcp',
  opens: 'client',
  ports: [3389, 3388, 3390],
  tlsPorts: [],
  fallbackRank: 13,
  proved: 'server',
  next(answers) {
    if (answers.length === 0) return request;
    return answers.length === 1 && (selected(answers[0]) ?? 0) > 0 ? 'start-tls' : null;
  },
  whole: (answer) => answer.length >= 4 && answer.length >= u16be(answer, 2),
  classify(answers) {
    const answer = answers[0] ?? new Uint8Array(0);
    if (!isConfirm(answer)) return null;
    const protocol = selected(answer);
    return {
      service: 'ms-wbt-server',
      info: `security: ${protocol === null ? 'classic or refused' : (chosen[protocol] ?? `type ${protocol}`)}`,
      startTls: (protocol ?? 0) > 0,
    };
  },
};

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
