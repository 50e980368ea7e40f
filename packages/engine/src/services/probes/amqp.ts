import { decodeText } from '@picket/checks/fingerprints/decode-text';
import { ascii, hex, indexOf, latin, startsWith, u16be, u32be, u8 } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** AMQP 0-9-1 protocol header (section 4.2.2). */
const header = hex('41 4d 51 50 00 00 09 01');

/** Sends the AMQP 0-9-1 header and reads the properties in Connection.Start. */
export const amqp: ServiceProbe = {
  name: 'amqp',
  help: 'Sends the AMQP 0-9-1 header and reads the properties in Connection.Start.',
  services: ['amqp'],
  transport: 'tcp',
  opens: 'client',
  ports: [5672, 5673],
  tlsPorts: [5671],
  fallbackRank: 11,
  proved: 'specification',
  next: (answers) => (answers.length === 0 ? header : null),
  whole: (answer) => u8(answer, 0) !== 1 || (answer.length >= 7 && answer.length >= 8 + u32be(answer, 3)),
  classify(answers) {
    const answer = answers[0] ?? new Uint8Array(0);
    // Another version of the protocol answers with its own header.
    if (answer.length === 8 && startsWith(answer, ascii('AMQP')) && !startsWith(answer, header))
      return { service: 'amqp', info: `version ${[...answer.subarray(5, 8)].join('.')}` };
    if (u8(answer, 0) !== 1 || u16be(answer, 1) !== 0 || u16be(answer, 7) !== 10 || u16be(answer, 9) !== 10)
      return null;
    const product = property(answer, 'product');
    const version = property(answer, 'version');
    const rabbit = product === 'RabbitMQ';
    return {
      service: 'amqp',
      ...(product === null ? {} : { product }),
      ...(version === null ? {} : { version }),
      ...(rabbit ? { vendor: 'VMware', cpe: `cpe:/a:vmware:rabbitmq:${version ?? '-'}` } : {}),
      info: 'AMQP 0-9-1',
    };
  },
};

/** A long string (`S`) of the server properties, by name. */
function property(frame: Uint8Array, name: string): string | null {
  const key = Uint8Array.from([name.length, ...ascii(name), 0x53]);
  const at = indexOf(frame, key);
  const length = at < 0 ? -1 : u32be(frame, at + key.length);
  if (length < 1 || length > 256) return null;
  const value = frame.subarray(at + key.length + 4, at + key.length + 4 + length);
  return latin(value) === '' ? null : decodeText(value);
}
