import { findChallenge } from '@picket/ntlm/challenge';
import { ntlmSystem } from './ntlm-system.ts';
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
  const challenge = setup ? findChallenge(setup) : null;
  const hostname = challenge?.dnsComputer || challenge?.computer;
  const info = [
    `SMB ${agreed.dialect}`,
    `signing ${agreed.signingRequired ? 'required' : 'not required'}`,
    ...(challenge?.computer ? [`name ${challenge.computer}`] : []),
    ...(challenge?.domain ? [`domain ${challenge.domain}`] : []),
  ].join(', ');
  return { service, info, ...(hostname ? { hostname } : {}), ...software(challenge?.osVersion ?? null) };
}

function software(version: string | null): Partial<Identification> {
  if (version === null) return {};
  const os = ntlmSystem(version);
  if (os === null) return { vendor: 'Samba', product: 'Samba', cpe: 'cpe:/a:samba:samba:-' };
  return { vendor: 'Microsoft', product: 'Windows SMB server', os };
}
