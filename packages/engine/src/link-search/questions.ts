import { multicastMac } from '../wire/address-bytes.ts';
import { ethertype, ethernetLength, writeEthernet } from '../wire/ethernet.ts';
import { pseudoSum6 } from '../wire/checksum.ts';
import { icmpv6Length, sealIcmpv6, writeIcmpv6Echo } from '../wire/icmpv6.ts';
import { ipProtocol } from '../wire/ip-protocol.ts';
import { ipv6Length, routerAlertLength, writeIpv6, writeRouterAlert } from '../wire/ipv6.ts';
import { listenerQueryLength, writeListenerQuery } from '../wire/multicast-listener.ts';
import { writeRouterSolicitation } from '../wire/neighbour-discovery.ts';

/** All nodes and all routers of a link (RFC 4291 section 2.7.1). */
export const allNodes: Uint8Array = Uint8Array.of(0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
const allRouters: Uint8Array = Uint8Array.of(0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2);

/** Who asks, on which link. */
export interface Asker {
  /** 6 bytes. */
  readonly mac: Uint8Array;
  /** 16 bytes. Hosts answer from an address of the same prefix when they have one (RFC 6724 section 5, rule 8). */
  readonly source: Uint8Array;
}

/** What the answers to our echo requests repeat. */
export interface EchoMark {
  readonly identifier: number;
  readonly sequence: number;
}

const echoPayload = new TextEncoder().encode('picket link search');
/** Hosts answer to a general query within this time, milliseconds. */
const maxResponseMs = 1000;

/** An echo request to all nodes: Linux, most devices and many others answer; Windows does not. */
export function echoToAll(asker: Asker, mark: EchoMark): Uint8Array {
  return frame(asker, allNodes, icmpv6Length + echoPayload.length, (out, at) =>
    writeIcmpv6Echo(out, at, { ...mark, payload: echoPayload }),
  );
}

/**
 * An echo request with a destination option that nobody knows, of the kind that must be refused even when it came by multicast (type
 * 0b10……, RFC 8200 section 4.2): hosts that leave echo requests to groups unanswered still send a parameter problem.
 */
export function invalidOptionToAll(asker: Asker, mark: EchoMark): Uint8Array {
  const optionsLength = 8;
  const build = (out: Uint8Array, at: number) => {
    // Next header, length (8 bytes), option 0x80 of no bytes, PadN of two.
    out.set([ipProtocol.icmpv6, 0, 0x80, 0, 1, 2, 0, 0], at);
    return writeIcmpv6Echo(out, at + optionsLength, { ...mark, payload: echoPayload });
  };
  const length = icmpv6Length + echoPayload.length;
  return frame(asker, allNodes, length, build, { nextHeader: destinationOptions, before: optionsLength });
}

/** A general query for multicast listeners: every IPv6 host reports the groups it is in. `asker.source` is a link-local address. */
export function queryListeners(asker: Asker): Uint8Array {
  const build = (out: Uint8Array, at: number) =>
    writeListenerQuery(out, writeRouterAlert(out, at, ipProtocol.icmpv6), maxResponseMs);
  return frame(asker, allNodes, listenerQueryLength, build, {
    nextHeader: hopByHop,
    before: routerAlertLength,
    hopLimit: 1,
  });
}

/** A router solicitation (RFC 4861 section 4.1): routers advertise themselves and their prefixes. */
export function solicitRouters(asker: Asker): Uint8Array {
  return frame(asker, allRouters, 16, (out, at) => writeRouterSolicitation(out, at, asker.mac));
}

const destinationOptions = 60;
const hopByHop = 0;

/** A whole frame; `length` is that of the ICMPv6 message, `before` that of the extension header in front of it. */
function frame(
  { mac, source }: Asker,
  destination: Uint8Array,
  length: number,
  build: (out: Uint8Array, at: number) => number,
  extension: { readonly nextHeader?: number; readonly before?: number; readonly hopLimit?: number } = {},
): Uint8Array {
  const { nextHeader = ipProtocol.icmpv6, before = 0, hopLimit = 255 } = extension;
  const out = new Uint8Array(ethernetLength + ipv6Length + before + length);
  const payloadAt = writeEthernet(out, 0, {
    destination: multicastMac(destination),
    source: mac,
    ethertype: ethertype.ipv6,
    vlan: -1,
  });
  const at = writeIpv6(out, payloadAt, { source, destination, nextHeader, hopLimit, payloadLength: before + length });
  const end = build(out, at);
  sealIcmpv6(out, at + before, end, pseudoSum6(source, destination, ipProtocol.icmpv6, length));
  return out;
}
