import { latin } from './bytes.ts';
import type { Identification, ProbeContext } from './probe.ts';

/** OPTIONS (RFC 3261 section 11) with the smallest set of headers that section 8.1.1 demands. */
export function sipOptions(context: ProbeContext, transport: 'TCP' | 'UDP' | 'TLS'): string {
  return [
    `OPTIONS sip:${context.host} SIP/2.0`,
    `Via: SIP/2.0/${transport} picket.invalid;branch=z9hG4bKpicket;rport`,
    'Max-Forwards: 70',
    `To: <sip:${context.host}>`,
    'From: <sip:picket@picket.invalid>;tag=picket',
    'Call-ID: picket-options',
    'CSeq: 1 OPTIONS',
    'Contact: <sip:picket@picket.invalid>',
    'Accept: application/sdp',
    'Content-Length: 0',
    '\r\n',
  ].join('\r\n');
}

/** Total: null unless the bytes begin with a SIP status line. */
export function sipIdentification(answer: Uint8Array): Identification | null {
  const text = latin(answer.subarray(0, 8192));
  const status = /^SIP\/2\.0 ([1-6][0-9]{2}) /.exec(text)?.[1];
  if (status === undefined) return null;
  const header = (name: string) => new RegExp(`^${name}:[ \\t]*([^\\r\\n]{1,200})`, 'im').exec(text)?.[1];
  const server = header('Server');
  const agent = header('User-Agent');
  return {
    service: 'sip',
    info: `status ${status}`,
    banners: [
      ...(server === undefined ? [] : [{ database: 'sip_header.server', text: server }]),
      ...(agent === undefined ? [] : [{ database: 'sip_header.user_agent', text: agent }]),
    ],
  };
}
