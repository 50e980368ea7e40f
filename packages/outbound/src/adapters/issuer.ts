import type { TLSSocket } from 'node:tls';

/** Who issued the certificate of the other side, for a message: `"CN (O)"`. It comes from a stranger, so what does not print is left out. */
export function issuerOf(socket: TLSSocket): string {
  const issuer: unknown = socket.getPeerCertificate().issuer;
  const name = partOf(issuer, 'CN');
  const organisation = partOf(issuer, 'O');
  if (name === '' && organisation === '') return 'an unnamed authority';
  return name === '' || organisation === '' ? `"${name}${organisation}"` : `"${name}" (${organisation})`;
}

function partOf(issuer: unknown, key: string): string {
  if (typeof issuer !== 'object' || issuer === null || !Object.hasOwn(issuer, key)) return '';
  const value: unknown = Reflect.get(issuer, key);
  const text = Array.isArray(value) ? String(value[0]) : String(value);
  return text.replaceAll(/[^\p{L}\p{N} .,_@'()&:/-]/gu, '').slice(0, 80);
}
