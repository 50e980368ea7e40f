import { findNtlmChallenge } from './ntlm-challenge.ts';
import type { Identification } from './probe.ts';
import { decodeNegotiated } from './smb2-message.ts';

/** What the answers to NEGOTIATE and SESSION_SETUP prove. */
export function smbIdentification(
  service: string,
  negotiated: Uint8Array,
  setup: Uint8Array | undefined,
): Identification | null {
  const agreed = decodeNegotiated(negotiated);
  if (!agreed) return null;
  const challenge = setup ? findNtlmChallenge(setup) : null;
  const hostname = challenge?.dnsComputer || challenge?.computer;
  const info = [
    `SMB ${agreed.dialect}`,
    `signing ${agreed.signingRequired ? 'required' : 'not required'}`,
    ...(challenge?.computer ? [`name ${challenge.computer}`] : []),
    ...(challenge?.domain ? [`domain ${challenge.domain}`] : []),
  ].join(', ');
  return { service, info, ...(hostname ? { hostname } : {}), ...software(challenge?.osVersion ?? null) };
}

/** Samba always states version 6.1, build 0; Windows 7 and its server twin, the real 6.1, have builds 7600 and 7601. */
function software(version: string | null): Partial<Identification> {
  if (version === '6.1.0') return { vendor: 'Samba', product: 'Samba', cpe: 'cpe:/a:samba:samba:-' };
  if (version === null) return {};
  return {
    vendor: 'Microsoft',
    product: 'Windows SMB server',
    os: { vendor: 'Microsoft', product: 'Windows', version, cpe: 'cpe:2.3:o:microsoft:windows:-:*:*:*:*:*:*:*' },
  };
}
