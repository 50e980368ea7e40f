import { canonicalIp } from '@picket/base/ip';
import type { Certificate } from './certificate.ts';

/** The names a certificate is for: its alternative names, or the common name where it has none (as RFC 6125 section 6.4.4 allowed). */
export function certificateNames(certificate: Certificate): readonly string[] {
  if (certificate.names.length > 0) return certificate.names;
  return certificate.subject.filter(({ type }) => type === 'CN').map(({ value }) => value);
}

/** Whether one of the names covers a host (RFC 9525 section 6.3): a wildcard stands for one whole label, the leftmost. */
export function coversHost(names: readonly string[], host: string): boolean {
  const wanted = host.toLowerCase().replace(/\.$/, '');
  return names.some((name) => matches(name.toLowerCase().replace(/\.$/, ''), wanted));
}

/** Whether one of the alternative names is this address. */
export function coversAddress(names: readonly string[], address: string): boolean {
  const wanted = canonicalIp(address);
  return wanted !== null && names.some((name) => canonicalIp(name) === wanted);
}

function matches(pattern: string, host: string): boolean {
  if (!pattern.startsWith('*.')) return pattern === host;
  const dot = host.indexOf('.');
  // "*.com" would cover too much: a wildcard needs two labels behind it.
  return dot > 0 && host.slice(dot) === pattern.slice(1) && pattern.indexOf('.', 2) > 0;
}
