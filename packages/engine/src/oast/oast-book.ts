import type { Random } from '@picket/base/random';
import type { OastCall } from './oast-port.ts';

/** Places that may be open at once, and calls that one keeps for its check. */
export const oastLimits = { places: 256, calls: 32, bytes: 16_384 } as const;

interface OpenPlace {
  readonly target: string;
  readonly calls: OastCall[];
  wake: (() => void) | null;
}

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';

/** Which places are open, for whom, and what was heard there. Pure but for the randomness it is given. */
export class OastBook {
  readonly #random: Random;
  readonly #places = new Map<string, OpenPlace>();

  constructor(random: Random) {
    this.#random = random;
  }

  get size(): number {
    return this.#places.size;
  }

  /** An id of 130 bits, fit for a label of a name and for a path; null: too many places are open. */
  open(target: string): string | null {
    if (this.#places.size >= oastLimits.places) return null;
    const id = [...this.#random.bytes(26)].map((byte) => alphabet.charAt(byte & 31)).join('');
    this.#places.set(id, { target, calls: [], wake: null });
    return id;
  }

  close(id: string): void {
    this.#places.get(id)?.wake?.();
    this.#places.delete(id);
  }

  /** Whether somebody waits for a call of this address. */
  expects(address: string): boolean {
    for (const place of this.#places.values()) if (place.target === address) return true;
    return false;
  }

  /** The open id that a text names. */
  idIn(text: string): string | null {
    for (const match of text.toLowerCase().matchAll(/[a-z2-7]{26,64}/g)) {
      for (let at = 0; at + 26 <= match[0].length; at += 1) {
        const id = match[0].slice(at, at + 26);
        if (this.#places.has(id)) return id;
      }
    }
    return null;
  }

  /** Keeps a call for the place it names. From another address than its target only a question of DNS counts: resolvers pass it on. */
  heard(call: OastCall): boolean {
    const id = this.idIn(call.request);
    const place = id === null ? undefined : this.#places.get(id);
    if (!place || (call.protocol !== 'dns' && call.address !== place.target)) return false;
    if (place.calls.length < oastLimits.calls) place.calls.push(call);
    place.wake?.();
    return true;
  }

  take(id: string): OastCall | null {
    return this.#places.get(id)?.calls.shift() ?? null;
  }

  /** Called once when a call comes or the place is closed. */
  onCall(id: string, wake: () => void): void {
    const place = this.#places.get(id);
    if (place) place.wake = wake;
    else wake();
  }
}
