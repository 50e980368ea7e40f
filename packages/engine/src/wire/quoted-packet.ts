import { read16, read32 } from './big-endian.ts';
import { decodeIpv4, ipv4At } from './ipv4.ts';
import { decodeIpv6 } from './ipv6.ts';
import { ipProtocol } from './ip-protocol.ts';

/**
 * The packet of ours that an ICMP error quotes: its IP header and at least the first eight bytes after it (RFC 792; RFC 4443 section
 * 2.4), which hold the ports and TCP's sequence number, so the cookie.
 */
export interface QuotedPacket {
  readonly version: 4 | 6;
  /** 4 or 16 bytes each in the decoded array. */
  readonly sourceAt: number;
  readonly destinationAt: number;
  readonly protocol: number;
  /** As it arrived where the error was made. */
  readonly hopLimit: number;
  /** IPv4 only, else 0. */
  readonly identification: number;
  /** TCP and UDP: source and destination port. ICMP echo: 0. */
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** TCP: sequence number. ICMP echo: identifier in the upper, sequence number in the lower 16 bits. Else 0. */
  readonly sequence: number;
}

const transportQuoted = 8;

/** Total: null when the quotation is cut before eight bytes of transport header, or is a later fragment. */
export function decodeQuoted(bytes: Uint8Array, at: number, end = bytes.length): QuotedPacket | null {
  const version = (bytes[at] ?? 0) >>> 4;
  if (version === 4) {
    const ip = decodeIpv4(bytes, at, end);
    if (ip === null || ip.fragmentOffset !== 0 || ip.payloadAt + transportQuoted > ip.payloadEnd) return null;
    return {
      version,
      sourceAt: at + ipv4At.source,
      destinationAt: at + ipv4At.destination,
      protocol: ip.protocol,
      hopLimit: ip.ttl,
      identification: ip.identification,
      ...transportOf(bytes, ip.payloadAt, ip.protocol),
    };
  }
  if (version !== 6) return null;
  const ip = decodeIpv6(bytes, at, end);
  if (ip === null || ip.fragmentOffset !== 0 || ip.payloadAt + transportQuoted > ip.payloadEnd) return null;
  const { sourceAt, destinationAt, protocol, hopLimit, payloadAt } = ip;
  const transport = transportOf(bytes, payloadAt, protocol);
  return { version, sourceAt, destinationAt, protocol, hopLimit, identification: 0, ...transport };
}

function transportOf(
  bytes: Uint8Array,
  at: number,
  protocol: number,
): Pick<QuotedPacket, 'sourcePort' | 'destinationPort' | 'sequence'> {
  const sequence = read32(bytes, at + 4);
  if (protocol === ipProtocol.icmp || protocol === ipProtocol.icmpv6)
    return { sourcePort: 0, destinationPort: 0, sequence };
  if (protocol !== ipProtocol.tcp && protocol !== ipProtocol.udp)
    return { sourcePort: 0, destinationPort: 0, sequence: 0 };
  const ports = { sourcePort: read16(bytes, at), destinationPort: read16(bytes, at + 2) };
  return { ...ports, sequence: protocol === ipProtocol.tcp ? sequence : 0 };
}
