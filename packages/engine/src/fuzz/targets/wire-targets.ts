import { hex } from '../../services/bytes.ts';
import { decodeArp } from '../../wire/arp.ts';
import { decodeEthernet } from '../../wire/ethernet.ts';
import { decodeIcmp } from '../../wire/icmp.ts';
import { decodeIcmpv6 } from '../../wire/icmpv6.ts';
import { decodeIpv4 } from '../../wire/ipv4.ts';
import { decodeIpv6 } from '../../wire/ipv6.ts';
import { decodeListener } from '../../wire/multicast-listener.ts';
import { decodeNeighbour } from '../../wire/neighbour-discovery.ts';
import { decodeQuoted } from '../../wire/quoted-packet.ts';
import { decodeTcpOptions } from '../../wire/tcp-options.ts';
import { decodeTcp } from '../../wire/tcp.ts';
import { decodeUdp } from '../../wire/udp.ts';
import { decodeAddress, decodeLink, decodeNeighbourEntry, decodeRoute } from '../../adapters/kernel/netlink-entries.ts';
import { decodeAttributes, decodeNetlink } from '../../adapters/kernel/netlink-message.ts';
import type { FuzzTarget } from '../fuzz-target.ts';

/** A decoder that reads `bytes` from `at` up to `end`. */
type BoundedDecoder = (bytes: Uint8Array, at: number, end: number) => unknown;

/** Packets by their RFCs: header fields in order, blanks between them. */
const packets = {
  ethernet: hex('ffffffffffff 020000000001 8100 0064 0806'),
  arp: hex('0001 0800 06 04 0002 020000000002 c0000207 020000000001 c0000201'),
  ipv4Tcp: hex('45 00 003c 1234 4000 40 06 0000 c0000207 c0000201', '0050 ee48 00000001 5049434b a0 12 fe88 0000 0000'),
  tcp: hex('0050 ee48 00000001 5049434b a0 12 fe88 0000 0000', '0204 05b4 0402 080a 0000 0001 0000 0000 01 0303 07'),
  tcpOptions: hex('0204 05b4 0402 080a 0000 0001 0000 0000 01 0303 07 00'),
  udp: hex('0035 ee48 0010 0000 0102030405060708'),
  icmpEcho: hex('00 00 0000 5049 0001 00112233'),
  icmpUnreachable: hex('03 03 0000 00000000 45 00 001c 0001 0000 40 11 0000 c0000201 c0000207 ee48 0035 0008 0000'),
  ipv6: hex(
    '60000000 0014 00 40 fd770000000000000000000000000001 fd770000000000000000000000000002 06 00 0502 0000 0100',
  ),
  icmpv6: hex('81 00 0000 5049 0001 0011', '60000000 0008 11 40'),
  neighbour: hex('88 00 0000 60000000 fd770000000000000000000000000007 02 01 020000000007'),
  routerAdvertisement: hex(
    '86 00 0000 40 00 0708 00000000 00000000 03 04 40 c0 00278d00 00093a80 00000000 fd770000000000000000000000000000',
  ),
  listener: hex('8f 00 0000 0000 0001 04 00 0000 ff0200000000000000000001ff000007'),
  netlink: hex(
    '00000034 1800 0200 01000000 00000000 02 18 00 00 fe 02 00 01 00000000 08000100 c0000200 08000400 02000000',
  ),
  netlinkLittle: hex(
    '34000000 1800 0200 01000000 00000000 02 18 00 00 fe 02 00 01 00000000 08000100 c0000200 08000400 02000000',
  ),
} as const;

/** Decodes all, then only the first half: there a result that the other half changes was read past the end. */
function bounded(name: string, decoder: BoundedDecoder, corpus: readonly Uint8Array[]): FuzzTarget {
  return {
    name: `wire/${name}`,
    covers: [decoder.name],
    corpus,
    decode: (input) => {
      const half = input.length >> 1;
      const within = JSON.stringify(decoder(input, 0, half));
      const alone = JSON.stringify(decoder(input.slice(0, half), 0, half));
      if (within !== alone) throw new Error(`read past its end: ${within} or ${alone}`);
      return decoder(input, 0, input.length);
    },
  };
}

/** Everything that reads packets, and the kernel's own messages. */
export const wireTargets: readonly FuzzTarget[] = [
  bounded('ethernet', decodeEthernet, [packets.ethernet]),
  bounded('arp', decodeArp, [packets.arp]),
  bounded('ipv4', decodeIpv4, [packets.ipv4Tcp]),
  bounded('ipv6', decodeIpv6, [packets.ipv6]),
  bounded('tcp', decodeTcp, [packets.tcp]),
  bounded('tcp-options', decodeTcpOptions, [packets.tcpOptions]),
  bounded('udp', decodeUdp, [packets.udp]),
  bounded('icmp', decodeIcmp, [packets.icmpEcho, packets.icmpUnreachable]),
  bounded('icmpv6', decodeIcmpv6, [packets.icmpv6]),
  bounded('neighbour-discovery', decodeNeighbour, [packets.neighbour, packets.routerAdvertisement]),
  bounded('multicast-listener', decodeListener, [packets.listener]),
  bounded('quoted-packet', decodeQuoted, [packets.ipv4Tcp, packets.icmpUnreachable.subarray(8), packets.ipv6]),
  {
    name: 'kernel/netlink',
    covers: ['decodeNetlink', 'decodeAttributes', 'decodeLink', 'decodeAddress', 'decodeRoute', 'decodeNeighbourEntry'],
    corpus: [packets.netlink, packets.netlinkLittle],
    decode: (input) => [
      decodeNetlink(input, 1),
      decodeAttributes(input, 12),
      decodeLink(input),
      decodeAddress(input),
      decodeRoute(input),
      decodeNeighbourEntry(input),
    ],
  },
];
