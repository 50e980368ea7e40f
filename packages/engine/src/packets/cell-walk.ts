import { mix, Permutation } from '../connect/permutation.ts';

/**
 * The order in which the cells (address × probe) of a task are asked: round after round, in each round every address once, so that
 * packets spread over hosts. Addresses come in pseudo-random order; with `rotate`, each starts at another probe. A single address is
 * asked in a pseudo-random order of its probes. A bijection: each cell comes exactly once a pass.
 */
export class CellWalk {
  readonly cells: number;
  readonly #addresses: number;
  readonly #probes: number;
  readonly #order: Permutation;
  readonly #rotate: boolean;
  readonly #seed: number;

  constructor(shape: {
    readonly addresses: number;
    readonly probes: number;
    readonly rotate: boolean;
    readonly seed: number;
  }) {
    this.#addresses = shape.addresses;
    this.#probes = shape.probes;
    this.cells = shape.addresses * shape.probes;
    this.#rotate = shape.rotate;
    this.#seed = shape.seed;
    this.#order = new Permutation(shape.addresses === 1 && shape.rotate ? shape.probes : shape.addresses, shape.seed);
  }

  /** Cell number `probe * addresses + address` at a place of the order. */
  at(place: number): number {
    if (this.#addresses === 1) return this.#rotate ? this.#order.at(place) : place;
    const round = Math.floor(place / this.#addresses);
    const address = this.#order.at(place % this.#addresses);
    const start = this.#rotate ? mix(address ^ this.#seed) % this.#probes : 0;
    return ((round + start) % this.#probes) * this.#addresses + address;
  }
}
