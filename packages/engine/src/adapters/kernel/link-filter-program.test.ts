import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LinkFilter } from '../../packets/packet-link.ts';
import { hex } from '../../services/bytes.ts';
import { runClassicBpf } from '../../testing/classic-bpf.ts';
import { writeEthernet } from '../../wire/ethernet.ts';
import { linkFilterProgram } from './link-filter-program.ts';

const filter: LinkFilter = { sourcePorts: [61000, 61999], echoId: 0x5049, neighbours: true };
const sixteen = '00'.repeat(16);
/** Packets from the IP header on, by what they are. */
const packets = {
  tcp: hex('45 00 00 28 00 00 40 00 40 06 00 00', '00'.repeat(8), '00 50 ee 48', '00'.repeat(16)),
  tcpWithOptions: hex('46 00 00 2c 00 00 40 00 40 06 00 00', '00'.repeat(12), '00 50 ee 48', '00'.repeat(16)),
  laterFragment: hex('45 00 00 28 00 00 00 07 40 06 00 00', '00'.repeat(8), '00 50 ee 48', '00'.repeat(16)),
  udp: hex('45 00 00 1c 00 00 40 00 40 11 00 00', '00'.repeat(8), '00 35 f2 2f 00 08 00 00'),
  unreachable: hex('45 00 00 1c 00 00 40 00 40 01 00 00', '00'.repeat(8), '03 01 00 00 00 00 00 00'),
  echoReply: hex('45 00 00 1c 00 00 40 00 40 01 00 00', '00'.repeat(8), '00 00 00 00 50 49 00 01'),
  echoRequest: hex('45 00 00 1c 00 00 40 00 40 01 00 00', '00'.repeat(8), '08 00 00 00 50 49 00 01'),
  gre: hex('45 00 00 1c 00 00 40 00 40 2f 00 00', '00'.repeat(8), '00 50 ee 48 00 00 00 00'),
  tcp6: hex('60 00 00 00 00 14 06 40', sixteen, sixteen, '00 50 ee 48', '00'.repeat(16)),
  tooBig6: hex('60 00 00 00 00 08 3a 40', sixteen, sixteen, '02 00 00 00 00 00 05 00'),
  echoReply6: hex('60 00 00 00 00 08 3a 40', sixteen, sixteen, '81 00 00 00 50 49 00 01'),
  neighbour6: hex('60 00 00 00 00 18 3a ff', sixteen, sixteen, '88 00 00 00 60 00 00 00', sixteen),
  solicitation6: hex('60 00 00 00 00 18 3a ff', sixteen, sixteen, '87 00 00 00 00 00 00 00', sixteen),
  report6: hex('60 00 00 00 00 1c 00 01', sixteen, sixteen, '3a 00 05 02 00 00 01 00', '8f 00 00 00 00 00 00 00'),
  gre6: hex('60 00 00 00 00 04 2f 40', sixteen, sixteen, '00 50 ee 48'),
} as const;
const letIn = [
  'tcp',
  'tcpWithOptions',
  'udp',
  'unreachable',
  'echoReply',
  'tcp6',
  'tooBig6',
  'echoReply6',
  'neighbour6',
  'report6',
];

function framed(packet: Uint8Array): Uint8Array {
  const frame = new Uint8Array(14 + packet.length);
  const mac = new Uint8Array(6);
  writeEthernet(frame, 0, {
    destination: mac,
    source: mac,
    ethertype: (packet[0] ?? 0) >>> 4 === 6 ? 0x86dd : 0x0800,
    vlan: -1,
  });
  frame.set(packet, 14);
  return frame;
}

describe('the filter of a link', () => {
  it.each(Object.entries(packets))('decides on %s alike with and without an Ethernet header', (name, packet) => {
    const wanted = letIn.includes(name);
    expect(runClassicBpf(linkFilterProgram(filter, 'ip'), packet) > 0).toBe(wanted);
    expect(runClassicBpf(linkFilterProgram(filter, 'ethernet'), framed(packet)) > 0).toBe(wanted);
  });

  it('lets in answers to our ports only', () => {
    const program = linkFilterProgram(filter, 'ip');
    const answered = (port: number) => runClassicBpf(program, packets.tcp.with(22, port >>> 8).with(23, port)) > 0;
    expect([60999, 61000, 61500, 61999, 62000].map(answered)).toEqual([false, true, true, true, false]);
  });

  it('lets in echo replies of ours only', () => {
    expect(runClassicBpf(linkFilterProgram({ ...filter, echoId: 7 }, 'ip'), packets.echoReply)).toBe(0);
    expect(runClassicBpf(linkFilterProgram({ ...filter, echoId: 7 }, 'ip'), packets.echoReply6)).toBe(0);
  });

  it('leaves out what is for other machines where the card lets everything in', () => {
    const program = linkFilterProgram({ ...filter, everyVlan: true }, 'ethernet');
    const heard = [0, 1, 2, 3].map((packetType) => runClassicBpf(program, framed(packets.tcp), packetType) > 0);
    expect(heard).toEqual([true, true, true, false]);
    expect(runClassicBpf(program, framed(packets.gre))).toBe(0);
  });

  it('lets in neighbours only when they are wanted', () => {
    const reply = hex('ff'.repeat(6), '02 00 00 00 00 07', '08 06', '00 01 08 00 06 04 00 02', '00'.repeat(20));
    const quiet = { ...filter, neighbours: false };
    expect(runClassicBpf(linkFilterProgram(filter, 'ethernet'), reply)).toBeGreaterThan(0);
    expect(runClassicBpf(linkFilterProgram(filter, 'ethernet'), reply.with(21, 1))).toBe(0);
    expect(runClassicBpf(linkFilterProgram(quiet, 'ethernet'), reply)).toBe(0);
    expect(runClassicBpf(linkFilterProgram(quiet, 'ip'), packets.neighbour6)).toBe(0);
  });

  it('ends on every frame', () => {
    const framings = ['ethernet', 'ip'] as const;
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 80 }),
        fc.constantFrom(...framings),
        fc.boolean(),
        (frame, framing, neighbours) => {
          runClassicBpf(linkFilterProgram({ ...filter, neighbours }, framing), frame);
        },
      ),
    );
  });
});
