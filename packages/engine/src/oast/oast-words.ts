import type { OastCall } from './oast-port.ts';

/** What the first bytes of a connection speak. */
export function spokenIn(text: string): OastCall['protocol'] {
  if (/^[A-Z]{3,10} \S/.test(text)) return 'http';
  return text.startsWith('\x30') ? 'ldap' : 'tcp';
}

/** Whether an HTTP request is there as far as its head goes. */
export function headIsWhole(text: string): boolean {
  return /\r?\n\r?\n/.test(text);
}

/** An empty page. */
export const httpAnswer =
  'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 0\r\nConnection: close\r\n\r\n';

/** A bind response of success for message 1 (RFC 4511 section 4.2.2): only after it a client names what it looks for. */
export const ldapBindAnswer = '\x30\x0c\x02\x01\x01\x61\x07\x0a\x01\x00\x04\x00\x04\x00';
