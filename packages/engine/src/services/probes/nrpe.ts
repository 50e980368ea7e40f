import { crc32 } from 'node:zlib';
import { ascii, be16, be32, concat, latin, u16be, untilNul } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

const packetLength = 1036;

/** Packet of version 2: version, type 1 (query), CRC-32 over the packet with the field at 0, result code, 1024 bytes of command. */
function packet(checksum: number): Uint8Array {
  const bytes = new Uint8Array(packetLength);
  bytes.set(concat(be16(2), be16(1), be32(checksum), be16(0), ascii('_NRPE_CHECK')));
  return bytes;
}
const request = packet(crc32(packet(0)));

/** Runs the built-in command `_NRPE_CHECK`, which only tells the version. */
export const nrpe: ServiceProbe = {
  name: 'nrpe',
  help: 'Asks the Nagios remote plugin executor for its version.',
  services: ['nrpe'],
  transport: 'tcp',
  opens: 'client',
  ports: [5666],
  tlsPorts: [5666],
  proved: 'server',
  next: (answers) => (answers.length === 0 ? request : null),
  whole: (answer) => answer.length >= packetLength,
  classify(answers) {
    const answer = answers[0] ?? new Uint8Array(0);
    // Type 2: response.
    if (answer.length < 20 || u16be(answer, 0) < 1 || u16be(answer, 0) > 4 || u16be(answer, 2) !== 2) return null;
    const text = latin(untilNul(answer.subarray(10, 200)));
    const version = /^NRPE v([0-9][0-9A-Za-z.]{0,20})$/.exec(text)?.[1];
    if (version === undefined) return answer.length === packetLength ? { service: 'nrpe', info: text } : null;
    return {
      service: 'nrpe',
      vendor: 'Nagios',
      product: 'NRPE',
      version,
      cpe: `cpe:/a:nagios:remote_plug_in_executor:${version}`,
    };
  },
};
