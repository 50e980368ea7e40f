import type { Result } from '@picket/base/result';
import { ok } from '@picket/base/result';
import { errnoOf, type KernelError } from './kernel-error.ts';
import { libc } from './libc.ts';
import { mapMemory } from './mapped-memory.ts';

/** As many as one turn of the packet loop fills; more gains nothing (batches of 64 are 4 % slower, single frames 45 %). */
export const sendSlots = 256;
/**
 * Room for a full Ethernet frame with a VLAN tag. An odd number of cache lines, so that the headers of neighbouring slots do not share
 * a set of the cache.
 */
export const sendSlotBytes = 25 * 64;
/** Room for a `struct sockaddr_in6`, the longest destination. */
export const nameBytes = 28;

/** Layouts of 64-bit Linux: `struct iovec` is base, length; `struct mmsghdr` is a `msghdr` of 56 bytes, sent length, padding. */
const iovecBytes = 16;
const messageBytes = 64;
const dontWait = 0x40;

/** Frames and everything that `sendmmsg` needs to know of them, in memory that never moves: no call marshals anything. */
export interface SendArena {
  readonly frames: Uint8Array;
  /** Destination of slot n at `n * nameBytes`; used when `setNameLength` gave it a length. */
  readonly names: Uint8Array;
  setLength(slot: number, bytes: number): void;
  length(slot: number): number;
  setNameLength(slot: number, bytes: number): void;
  /** Sends what `PacketLink.send` says, through one socket. */
  send(fd: number, first: number, count: number): number;
  release(): void;
}

/** Maps an arena of `sendSlots` slots. */
export function openSendArena(): Result<SendArena, KernelError> {
  const framesEnd = sendSlots * sendSlotBytes;
  const vectorsEnd = framesEnd + sendSlots * iovecBytes;
  const messagesEnd = vectorsEnd + sendSlots * messageBytes;
  const memory = mapMemory(messagesEnd + sendSlots * nameBytes);
  if (!memory.ok) return memory;
  const { address, bytes, release } = memory.value;
  const words = new Uint32Array(bytes.buffer, 0, messagesEnd / 4);
  const pointers = new BigUint64Array(bytes.buffer, 0, messagesEnd / 8);
  const messages = address + vectorsEnd;
  for (let slot = 0; slot < sendSlots; slot += 1) {
    const vector = framesEnd + slot * iovecBytes;
    const message = vectorsEnd + slot * messageBytes;
    pointers[vector / 8] = BigInt(address + slot * sendSlotBytes);
    pointers[message / 8] = BigInt(address + messagesEnd + slot * nameBytes);
    pointers[message / 8 + 2] = BigInt(address + vector);
    pointers[message / 8 + 3] = 1n;
  }
  const { sendmmsg, errno } = libc();
  return ok({
    frames: bytes.subarray(0, framesEnd),
    names: bytes.subarray(messagesEnd),
    setLength: (slot, length) => {
      words[(framesEnd + slot * iovecBytes) / 4 + 2] = length;
    },
    length: (slot) => words[(framesEnd + slot * iovecBytes) / 4 + 2] ?? 0,
    setNameLength: (slot, length) => {
      words[(vectorsEnd + slot * messageBytes) / 4 + 2] = length;
    },
    send: (fd, first, count) => {
      const sent = sendmmsg(fd, messages + first * messageBytes, count, dontWait);
      return sent >= 0 ? sent : refusal(errno());
    },
    release,
  });
}

/** Full buffers are no failure: the sender drains what came in and goes on. */
function refusal(errno: number): number {
  const again = errno === errnoOf.EAGAIN || errno === errnoOf.ENOBUFS || errno === errnoOf.EINTR;
  return again ? 0 : -errno;
}
