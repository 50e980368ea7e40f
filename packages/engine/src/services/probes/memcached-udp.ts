import { ascii, concat, latin } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';
import { memcached } from './memcached.ts';

/** Frame header of memcached over UDP (its doc/protocol.txt): request id, part number, number of parts, reserved. */
const frame = Uint8Array.from([0x50, 0x4b, 0, 0, 0, 1, 0, 0]);

/** The text protocol of memcached in UDP frames: the answer repeats the request id. Asks for the version, a short answer. */
export const memcachedUdp: ServiceProbe = {
  name: 'memcached-udp',
  help: 'Asks for the version in the text protocol, framed for UDP.',
  services: ['memcache'],
  transport: 'udp',
  opens: 'client',
  ports: [11211],
  tlsPorts: [],
  proved: 'server',
  next: (answers) => (answers.length === 0 ? concat(frame, ascii('version\r\n')) : null),
  classify(answers, context) {
    const answer = answers[0] ?? new Uint8Array(0);
    if (latin(answer.subarray(0, frame.length)) !== latin(frame)) return null;
    return memcached.classify([answer.subarray(frame.length)], context);
  },
};
