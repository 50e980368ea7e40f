import type { AddressKey } from './address-book.ts';
import type { FramePlace, Frames } from './frames.ts';
import type { AllowedKeys } from './allowed-keys.ts';
import type { LoopControl } from './loop-control.ts';
import type { OpenLink } from './path.ts';
import type { SharedRates } from './shared-rates.ts';

/** Turns of a full send buffer before what is left is given up until the next turn. */
const mostRetries = 64;

/**
 * The only hand that puts frames into a link. Looks at every address once more, whatever asked for it: the scope gate of packets.
 * Frames gather in the link's arena and leave in one system call.
 */
export class FrameSender {
  readonly #allowed: AllowedKeys;
  readonly #rates: SharedRates;
  readonly #control: LoopControl;
  readonly #place: FramePlace = { out: new Uint8Array(0), at: 0, macs: new Uint8Array(6), macAt: 0 };
  readonly #noMac = new Uint8Array(6);
  #givenUp = 0;

  constructor(init: { readonly allowed: AllowedKeys; readonly rates: SharedRates; readonly control: LoopControl }) {
    this.#allowed = init.allowed;
    this.#rates = init.rates;
    this.#control = init.control;
  }

  /** Whether the link of these frames has a slot free. */
  hasRoom({ pending, link, fault }: OpenLink): boolean {
    return fault === null && pending < link.slots;
  }

  /**
   * The place for one packet to an address of the scope, to be written and then passed on with `end`. Null when the address is out of
   * scope: nothing will be sent, and it is counted. The place is valid until the next call.
   */
  begin(frames: Frames, to: AddressKey, macs: Uint8Array, macAt: number): FramePlace | null {
    if (this.#allowed.has(to)) return this.#placeIn(frames, macs, macAt);
    this.#control.add('outOfScope', 1);
    return null;
  }

  /** The packet that `begin` gave a place to is written and has this length. */
  end(frames: Frames, to: AddressKey, length: number, now: number): void {
    this.#done(frames, length);
    this.#rates.charge(to, false, now);
  }

  /** Whether one more question may go to everybody on a link. */
  mayAsk(now: number): boolean {
    return this.#rates.multicastWait(now) <= 0 && this.#rates.scanWait(now) <= 0;
  }

  /**
   * Asks everybody on a link who has an address: one of the scope, or the gateway of a path (which carries packets to the scope and
   * gets none itself).
   */
  ask(frames: Frames, target: AddressKey, now: number): boolean {
    if (target !== frames.path.gateway && !this.#allowed.has(target)) {
      this.#control.add('outOfScope', 1);
      return false;
    }
    if (!this.hasRoom(frames.path.out)) return false;
    this.#done(frames, frames.whoHas(this.#placeIn(frames, this.#noMac, 0), target));
    this.#rates.charge(target, true, now);
    return true;
  }

  /** The frame that was written last is counted there once the kernel has taken it. */
  countLast(out: OpenLink, counts: Uint32Array, index: number): void {
    out.owners.set(out.pending - 1, counts, index);
  }

  /** Hands everything written to the kernel. `drain` takes answers in while buffers are full. */
  flush(out: OpenLink, drain: () => void): void {
    let sent = 0;
    for (let retries = 0; sent < out.pending && retries < mostRetries; retries += 1) {
      const took = out.link.send(sent, out.pending - sent);
      if (took < 0) {
        out.fault = `sending failed with errno ${-took}`;
        break;
      }
      out.owners.taken(sent, took);
      sent += took;
      if (sent < out.pending) drain();
    }
    if (sent < out.pending) this.#givenUp += out.pending - sent;
    out.pending = 0;
  }

  /** Frames that the kernel would not take, after many tries. The next pass repeats them. */
  get givenUp(): number {
    return this.#givenUp;
  }

  #placeIn(frames: Frames, macs: Uint8Array, macAt: number): FramePlace {
    const { out } = frames.path;
    const place = this.#place;
    place.out = out.link.arena;
    place.at = out.pending * out.link.slotBytes;
    place.macs = macs;
    place.macAt = macAt;
    return place;
  }

  #done({ path }: Frames, length: number): void {
    path.out.link.setLength(path.out.pending, length);
    path.out.owners.set(path.out.pending, null, 0);
    path.out.pending += 1;
  }
}
