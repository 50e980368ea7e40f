import type { DslScope, DslValue } from './value.ts';

/** Variables out of several places without a copy of any: of the layers that have a name, the last one counts. */
export class LayeredScope implements DslScope {
  /** The one that counts first. */
  readonly #layers: readonly DslScope[];

  constructor(...layers: readonly DslScope[]) {
    this.#layers = layers.toReversed();
  }

  get(name: string): DslValue | undefined {
    for (const layer of this.#layers) {
      const value = layer.get(name);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  has(name: string): boolean {
    return this.#layers.some((layer) => layer.has(name));
  }

  /** Every name once, with the value that counts. */
  *[Symbol.iterator](): Iterator<readonly [string, DslValue]> {
    const told = new Set<string>();
    for (const layer of this.#layers) {
      for (const [name, value] of layer) {
        if (told.has(name)) continue;
        told.add(name);
        yield [name, value];
      }
    }
  }
}
