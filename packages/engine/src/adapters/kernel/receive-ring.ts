import { err, ok, type Result } from '@picket/base/result';
import { type KernelError, kernelError } from './kernel-error.ts';
import { libc } from './libc.ts';
import { mapMemory } from './mapped-memory.ts';

/**
 * TPACKET_V3 (Documentation/networking/packet_mmap.rst): the kernel writes frames into blocks that this process has mapped and hands over
 * a block when it is full or `retireMs` old. Many small blocks: a reader that was held up for a second still finds everything, both at
 * full rate (16 MiB hold about 100,000 short frames) and when frames trickle in, one to a block.
 */
const blockBytes = 64 * 1024;
const blocks = 256;
const frameBytes = 2048;
const retireMs = 4;

const solPacket = 263;
const packetOption = { rxRing: 5, statistics: 6, version: 10 } as const;
const tpacketV3 = 2;

/** `struct tpacket_block_desc`, in words of 32 bits. */
const blockWord = { status: 2, packets: 3, first: 4 } as const;
/** `struct tpacket3_hdr`, in words of 32 bits; the offset of the frame is the low half of word 6. */
const frameWord = { next: 0, captured: 3, status: 5, offsets: 6, vlanTag: 8 } as const;
const ownedByUs = 1;
const vlanValid = 0x10;

/** What the kernel has put into a packet socket. */
export interface ReceiveRing {
  /** As `PacketLink.receive`. */
  receive(limit: number, onFrame: (bytes: Uint8Array, vlan: number) => void): number;
  /** Frames dropped for want of room since the ring was opened. */
  drops(): number;
  release(): void;
}

/** Gives a packet socket, not yet bound, its ring and maps it. */
export function openReceiveRing(fd: number): Result<ReceiveRing, KernelError> {
  const { setsockopt, errno } = libc();
  const version = new Uint8Array(Uint32Array.of(tpacketV3).buffer);
  if (setsockopt(fd, solPacket, packetOption.version, version, 4) < 0)
    return err(kernelError('PACKET_VERSION', errno()));
  const frames = (blockBytes / frameBytes) * blocks;
  // struct tpacket_req3: block size, blocks, frame size, frames, retire time, private bytes, features.
  const request = new Uint8Array(Uint32Array.of(blockBytes, blocks, frameBytes, frames, retireMs, 0, 0).buffer);
  if (setsockopt(fd, solPacket, packetOption.rxRing, request, 28) < 0)
    return err(kernelError('PACKET_RX_RING', errno()));
  const memory = mapMemory(blockBytes * blocks, fd);
  if (!memory.ok) return memory;
  const reader = new BlockReader(memory.value.bytes);
  let dropped = 0;
  return ok({
    receive: (limit, onFrame) => reader.receive(limit, onFrame),
    drops: () => {
      dropped += droppedSince(fd);
      return dropped;
    },
    release: () => memory.value.release(),
  });
}

/** `struct tpacket_stats_v3`: packets, drops, freezes; reading sets them to zero. */
function droppedSince(fd: number): number {
  const statistics = new Uint32Array(3);
  const length = new Uint8Array(Uint32Array.of(12).buffer);
  const read = libc().getsockopt(fd, solPacket, packetOption.statistics, new Uint8Array(statistics.buffer), length);
  return read < 0 ? 0 : (statistics[1] ?? 0);
}

/** Walks the blocks in turn and gives each back when it is read. */
class BlockReader {
  readonly #bytes: Uint8Array;
  readonly #words: Int32Array;
  #block = 0;
  /** Frames of the current block that are not read yet, and where the next one is. */
  #left = 0;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  }

  receive(limit: number, onFrame: (bytes: Uint8Array, vlan: number) => void): number {
    let count = 0;
    while (count < limit && (this.#left > 0 || this.#enterBlock())) {
      const at = this.#at;
      const next = this.#word(at, frameWord.next);
      const vlan =
        (this.#word(at, frameWord.status) & vlanValid) !== 0 ? this.#word(at, frameWord.vlanTag) & 0xfff : -1;
      const start = at + (this.#word(at, frameWord.offsets) & 0xffff);
      this.#left -= 1;
      this.#at = at + next;
      count += 1;
      onFrame(this.#bytes.subarray(start, start + this.#word(at, frameWord.captured)), vlan);
      if (this.#left === 0) this.#leaveBlock();
    }
    return count;
  }

  #word(at: number, index: number): number {
    return this.#words[at / 4 + index] ?? 0;
  }

  #enterBlock(): boolean {
    const start = this.#block * blockBytes;
    if ((Atomics.load(this.#words, start / 4 + blockWord.status) & ownedByUs) === 0) return false;
    this.#left = this.#word(start, blockWord.packets);
    this.#at = start + this.#word(start, blockWord.first);
    if (this.#left === 0) this.#leaveBlock();
    return true;
  }

  #leaveBlock(): void {
    Atomics.store(this.#words, (this.#block * blockBytes) / 4 + blockWord.status, 0);
    this.#block = (this.#block + 1) % blocks;
  }
}
