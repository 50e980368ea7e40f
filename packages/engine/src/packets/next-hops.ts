import type { AddressBook, AddressKey } from './address-book.ts';
import type { FrameSender } from './frame-sender.ts';
import type { Frames } from './frames.ts';
import { Neighbours } from './neighbours.ts';
import type { Path } from './path.ts';
import type { Paths } from './paths.ts';

/** Somebody who needs the MAC of a next hop before anything can be sent. */
interface Waiting {
  readonly frames: Frames;
  readonly hop: AddressKey;
  readonly tell: (mac: Uint8Array | null) => void;
}

/** MACs of gateways and single neighbours: believed, read from the kernel, or asked for on the link. */
export class NextHops {
  readonly neighbours = new Neighbours();
  readonly #paths: Paths;
  readonly #book: AddressBook;
  readonly #sender: FrameSender;
  #waiting: Waiting[] = [];

  constructor(init: { readonly paths: Paths; readonly book: AddressBook; readonly sender: FrameSender }) {
    this.#paths = init.paths;
    this.#book = init.book;
    this.#sender = init.sender;
  }

  get idle(): boolean {
    return this.#waiting.length === 0;
  }

  /** The MAC if it is known now, else null. */
  known(path: Path, hop: AddressKey, now: number): Uint8Array | null {
    return this.neighbours.find(path.out.index, hop, now) ?? this.#fromKernel(path, hop, now);
  }

  /** Calls `tell` with the MAC, or with null when nobody answers. */
  find(frames: Frames, hop: AddressKey, now: number, tell: (mac: Uint8Array | null) => void): void {
    const known = this.known(frames.path, hop, now);
    if (known) tell(known);
    else this.#waiting.push({ frames, hop, tell });
  }

  /** Asks, and tells those who wait. */
  turn(now: number): void {
    const waiting = this.#waiting;
    if (waiting.length === 0) return;
    this.#waiting = [];
    const failed = new Set<string>();
    for (const each of waiting) {
      const { path } = each.frames;
      const mac = this.neighbours.find(path.out.index, each.hop, now);
      if (mac) each.tell(mac);
      else if (this.#ask(each, failed, now)) this.#waiting.push(each);
      else each.tell(null);
    }
  }

  #ask({ frames, hop }: Waiting, failed: Set<string>, now: number): boolean {
    const { path } = frames;
    const name = `${path.out.index} ${hop}`;
    if (failed.has(name)) return false;
    if (!this.#sender.mayAsk(now)) return true;
    const verdict = this.neighbours.want(path.out.index, hop, now);
    if (verdict === 'ask') this.#sender.ask(frames, hop, now);
    if (verdict === 'fail') failed.add(name);
    return verdict !== 'fail';
  }

  /** Only where frames carry no tag of ours: the kernel's table is that of the untagged link. */
  #fromKernel(path: Path, hop: AddressKey, now: number): Uint8Array | null {
    if (path.vlan >= 0) return null;
    const mac = this.#paths.kernelMac(path, this.#book.textOf(hop));
    if (mac) this.neighbours.learn(path.out.index, hop, mac, now);
    return mac;
  }
}
