import type { AddressKey } from './address-book.ts';

/** MACs of neighbours, learned from their answers or asked for. Bounded: the oldest go. */
export class Neighbours {
  readonly #known = new Map<string, { readonly mac: Uint8Array; at: number }>();
  readonly #wanted = new Map<string, Wanted>();

  /** A MAC that is still believed, or null. */
  find(link: number, address: AddressKey, now: number): Uint8Array | null {
    const entry = this.#known.get(nameOf(link, address));
    return entry && now - entry.at < believedMs ? entry.mac : null;
  }

  learn(link: number, address: AddressKey, mac: Uint8Array, now: number): void {
    const name = nameOf(link, address);
    this.#wanted.delete(name);
    const entry = this.#known.get(name);
    if (entry && sameMac(entry.mac, mac)) {
      entry.at = now;
      return;
    }
    this.#known.delete(name);
    this.#known.set(name, { mac: mac.slice(0, 6), at: now });
    if (this.#known.size <= mostKnown) return;
    const [oldest] = this.#known.keys();
    if (oldest !== undefined) this.#known.delete(oldest);
  }

  /** Whether to ask for an address now (`ask`), to wait for its answer (`wait`), or to give up (`fail`). */
  want(link: number, address: AddressKey, now: number): 'ask' | 'wait' | 'fail' {
    const name = nameOf(link, address);
    const wanted = this.#wanted.get(name) ?? { tries: 0, at: Number.NEGATIVE_INFINITY };
    if (now - wanted.at < askAgainMs) return 'wait';
    if (wanted.tries >= mostTries) {
      this.#wanted.delete(name);
      return 'fail';
    }
    this.#wanted.set(name, { tries: wanted.tries + 1, at: now });
    return 'ask';
  }
}

interface Wanted {
  readonly tries: number;
  readonly at: number;
}

/** As the kernel's base_reachable_time allows at most. */
const believedMs = 60_000;
const mostKnown = 65_536;
const askAgainMs = 400;
const mostTries = 4;

function nameOf(link: number, address: AddressKey): string {
  return `${link} ${address}`;
}

function sameMac(a: Uint8Array, b: Uint8Array): boolean {
  for (let index = 0; index < 6; index += 1) if (a[index] !== b[index]) return false;
  return true;
}
