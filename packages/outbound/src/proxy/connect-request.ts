import { authorityOf, type Destination } from '../connector.ts';

/** A request for a tunnel (RFC 9110 section 9.3.6). `credentials`: value of `Proxy-Authorization`; null: none. */
export function connectRequest(destination: Destination, credentials: string | null): Uint8Array {
  const authority = authorityOf(destination);
  const lines = [
    `CONNECT ${authority} HTTP/1.1`,
    `Host: ${authority}`,
    'Proxy-Connection: keep-alive',
    ...(credentials === null ? [] : [`Proxy-Authorization: ${credentials}`]),
  ];
  // Digest sends the user in UTF-8, one character a byte by now.
  return Uint8Array.from(Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'));
}
