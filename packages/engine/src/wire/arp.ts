import { read16, read32, write16, write32 } from './big-endian.ts';

/**
 * ARP for IPv4 over Ethernet (RFC 826):
 *
 *     0 hardware type=1  2 protocol=0x0800  4 lengths=6,4  6 operation  8 sender MAC  14 sender IP  18 target MAC  24 target IP
 */
export interface ArpPacket {
  readonly operation: number;
  /** Six bytes in the decoded array. */
  readonly senderMacAt: number;
  readonly senderIp: number;
  readonly targetMacAt: number;
  readonly targetIp: number;
}

export const arpOperation = { request: 1, reply: 2 } as const;
export const arpLength = 28;

/** Places of the fields, from the start of the packet: a sweep changes only the target. */
export const arpAt = { operation: 6, senderMac: 8, senderIp: 14, targetMac: 18, targetIp: 24 } as const;

const ethernetHardware = 1;
const ipv4Protocol = 0x0800;
const addressLengths = 0x0604;

/** Total: null when it is cut, or not about IPv4 on Ethernet. */
export function decodeArp(bytes: Uint8Array, at = 0, end = bytes.length): ArpPacket | null {
  if (at + arpLength > end) return null;
  if (read16(bytes, at) !== ethernetHardware || read16(bytes, at + 2) !== ipv4Protocol) return null;
  if (read16(bytes, at + 4) !== addressLengths) return null;
  return {
    operation: read16(bytes, at + arpAt.operation),
    senderMacAt: at + arpAt.senderMac,
    senderIp: read32(bytes, at + arpAt.senderIp),
    targetMacAt: at + arpAt.targetMac,
    targetIp: read32(bytes, at + arpAt.targetIp),
  };
}

export interface ArpRecord {
  readonly operation: number;
  readonly senderMac: Uint8Array;
  readonly senderIp: number;
  readonly targetMac: Uint8Array;
  readonly targetIp: number;
}

/** Writes the packet at `at`; returns where it ends. */
export function writeArp(out: Uint8Array, at: number, record: ArpRecord): number {
  write16(out, at, ethernetHardware);
  write16(out, at + 2, ipv4Protocol);
  write16(out, at + 4, addressLengths);
  write16(out, at + arpAt.operation, record.operation);
  out.set(record.senderMac, at + arpAt.senderMac);
  write32(out, at + arpAt.senderIp, record.senderIp);
  out.set(record.targetMac, at + arpAt.targetMac);
  write32(out, at + arpAt.targetIp, record.targetIp);
  return at + arpLength;
}
