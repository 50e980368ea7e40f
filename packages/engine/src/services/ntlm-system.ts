import type { OsHint } from './probe.ts';

/** The system behind an NTLM challenge; null without a version, and for Samba, which always states 6.1, build 0 (the real 6.1 has 7600 and 7601). */
export function ntlmSystem(version: string | null): OsHint | null {
  if (version === null || version === '6.1.0') return null;
  return { vendor: 'Microsoft', product: 'Windows', version, cpe: 'cpe:2.3:o:microsoft:windows:-:*:*:*:*:*:*:*' };
}
