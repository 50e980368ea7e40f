import { ascii, concat, hex, latin, startsWith, u8 } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

const messageId = hex('50 49');
/** Confirmable GET /.well-known/core (RFC 7252 section 3, RFC 6690): token of four bytes, two Uri-Path options. */
const request = concat(
  hex('44 01'),
  messageId,
  hex('70 69 63 6b'),
  hex('bb'),
  ascii('.well-known'),
  hex('04'),
  ascii('core'),
);

/** Asks a constrained device for the list of its resources. */
export const coap: ServiceProbe = {
  name: 'coap',
  help: 'Asks a constrained device for the list of its resources.',
  services: ['coap'],
  transport: 'udp',
  opens: 'client',
  ports: [5683],
  tlsPorts: [],
  fallbackRank: 6,
  proved: 'server',
  next: (answers) => (answers.length === 0 ? request : null),
  classify(answers) {
    const answer = answers[0] ?? new Uint8Array(0);
    const type = u8(answer, 0);
    // Version 1: an acknowledgement (2) or reset (3) of our message.
    if (answer.length < 4 || (type >> 4 !== 6 && type !== 0x70) || !startsWith(answer.subarray(2), messageId))
      return null;
    const code = u8(answer, 1);
    if (code !== 0 && (code >> 5 < 2 || code >> 5 > 5)) return null;
    const end = answer.indexOf(0xff, 8);
    const resources =
      end < 0 ? [] : [...latin(answer.subarray(end + 1)).matchAll(/<(\/[^>]{0,60})>/g)].map((match) => match[1]);
    const list = resources.length > 0 ? `, resources ${resources.slice(0, 8).join(' ')}` : '';
    return { service: 'coap', info: `code ${code >> 5}.${String(code & 31).padStart(2, '0')}${list}` };
  },
};
