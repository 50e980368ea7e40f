import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { decodeEthernet } from '@picket/engine/wire/ethernet';

/** One of the two ends of a wire, each a network card of a virtual machine. */
export type WireEnd = 'appliance' | 'network';

const mostFrameBytes = 65_536;
const kept = 40;

/**
 * A cable between two network cards, made of this process: each end is a Unix socket that carries Ethernet frames, each after its length in four bytes (the
 * `stream` network of qemu). It passes every frame on unchanged and counts it by its 802.1Q tag, so it sees exactly what is on the wire, which no kernel's own
 * capture does: there the tag may already be off the frame.
 */
export class FrameWire implements AsyncDisposable {
  readonly #servers: Server[] = [];
  readonly #sockets = new Map<WireEnd, Socket>();
  readonly #counts = new Map<string, number>();
  readonly #untagged: string[] = [];
  readonly #onFrame = new Set<(from: WireEnd, frame: Buffer) => void>();

  private constructor() {}

  /** Listens on one path for each end. */
  static async open(paths: Readonly<Record<WireEnd, string>>): Promise<FrameWire> {
    const wire = new FrameWire();
    for (const end of ['appliance', 'network'] as const) {
      const server = createServer((socket) => wire.#plug(end, socket));
      wire.#servers.push(server);
      server.listen(paths[end]);
      await once(server, 'listening');
    }
    return wire;
  }

  /** Frames since the last {@link reset} that an end sent with this VLAN identifier; null: without a tag. */
  frames(from: WireEnd, vlan: number | null): number {
    return this.#counts.get(`${from} ${vlan}`) ?? 0;
  }

  /** VLAN identifiers of all frames since the last {@link reset} that an end sent, in ascending order; null is untagged and first. */
  vlans(from: WireEnd): (number | null)[] {
    const keys = [...this.#counts.keys()].filter((key) => key.startsWith(`${from} `));
    return keys
      .map((key) => key.slice(from.length + 1))
      .map((vlan) => (vlan === 'null' ? null : Number(vlan)))
      .sort((a, b) => (a ?? -1) - (b ?? -1));
  }

  /** The first untagged frames of the appliance, in hexadecimal digits, for a failed test to show. */
  get untagged(): readonly string[] {
    return this.#untagged;
  }

  /** Calls for every frame that passes, until it is stopped. */
  watch(onFrame: (from: WireEnd, frame: Buffer) => void): { stop(): void } {
    this.#onFrame.add(onFrame);
    return { stop: () => void this.#onFrame.delete(onFrame) };
  }

  reset(): void {
    this.#counts.clear();
    this.#untagged.length = 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets.values()) socket.destroy();
    for (const server of this.#servers) {
      server.close();
      await once(server, 'close');
    }
  }

  #plug(end: WireEnd, socket: Socket): void {
    this.#sockets.set(end, socket);
    let rest: Buffer = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      while (rest.length >= 4) {
        const length = rest.readUInt32BE(0);
        if (length > mostFrameBytes) throw new Error(`a frame of ${length} bytes: the stream is out of step`);
        if (rest.length < 4 + length) break;
        this.#pass(end, rest.subarray(0, 4 + length));
        rest = rest.subarray(4 + length);
      }
    });
  }

  #pass(from: WireEnd, bytes: Buffer): void {
    const frame = bytes.subarray(4);
    const ethernet = decodeEthernet(frame);
    const vlan = ethernet !== null && ethernet.vlan >= 0 ? ethernet.vlan : null;
    const key = `${from} ${vlan}`;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
    if (vlan === null && from === 'appliance' && this.#untagged.length < kept)
      this.#untagged.push(frame.toString('hex'));
    for (const watcher of this.#onFrame) watcher(from, frame);
    this.#sockets.get(from === 'appliance' ? 'network' : 'appliance')?.write(bytes);
  }
}
