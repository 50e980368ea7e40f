import { macLength } from './address-bytes.ts';
import { read16, write16 } from './big-endian.ts';

/**
 * Ethernet II header, with an 802.1Q tag where the frame has one (IEEE 802.3 clause 3.2, 802.1Q clause 9):
 *
 *     0  destination (6)   6  source (6)   12  [0x8100 (2)  priority:3 drop:1 VLAN:12]   ethertype (2)   payload
 */
export interface EthernetHeader {
  /** Where the addresses are; 6 bytes each. */
  readonly destinationAt: number;
  readonly sourceAt: number;
  readonly ethertype: number;
  /** 802.1Q identifier, or -1 for an untagged frame. Of two tags (802.1ad) it is the inner one. */
  readonly vlan: number;
  readonly payloadAt: number;
}

/** What the engine sends and receives (IANA, IEEE 802 numbers). */
export const ethertype = { ipv4: 0x0800, arp: 0x0806, vlan: 0x8100, ipv6: 0x86dd, serviceVlan: 0x88a8 } as const;

export const ethernetLength = 14;
/** What a tag adds. */
export const vlanTagLength = 4;
const mostTags = 2;

/** Total: null when the frame ends within the header. */
export function decodeEthernet(bytes: Uint8Array, at = 0, end = bytes.length): EthernetHeader | null {
  let typeAt = at + 2 * macLength;
  let vlan = -1;
  for (let tags = 0; typeAt + 2 <= end; tags += 1) {
    const type = read16(bytes, typeAt);
    const tagged = type === ethertype.vlan || type === ethertype.serviceVlan;
    if (!tagged || tags === mostTags) {
      return { destinationAt: at, sourceAt: at + macLength, ethertype: type, vlan, payloadAt: typeAt + 2 };
    }
    if (typeAt + vlanTagLength > end) return null;
    vlan = read16(bytes, typeAt + 2) & 0xfff;
    typeAt += vlanTagLength;
  }
  return null;
}

export interface EthernetRecord {
  readonly destination: Uint8Array;
  readonly source: Uint8Array;
  readonly ethertype: number;
  /** 802.1Q identifier 1 to 4094, or -1 for no tag. */
  readonly vlan: number;
}

/** Writes the header at `at`; returns where the payload begins. */
export function writeEthernet(out: Uint8Array, at: number, record: EthernetRecord): number {
  out.set(record.destination, at);
  out.set(record.source, at + macLength);
  let typeAt = at + 2 * macLength;
  if (record.vlan >= 0) {
    write16(out, typeAt, ethertype.vlan);
    write16(out, typeAt + 2, record.vlan & 0xfff);
    typeAt += vlanTagLength;
  }
  write16(out, typeAt, record.ethertype);
  return typeAt + 2;
}
