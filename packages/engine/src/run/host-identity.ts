import type { EngineEventOf } from '@picket/contracts/event';
import { NameBook } from '../names/name-book.ts';
import type { HostName, Without } from './stages.ts';

type HostFact = Without<EngineEventOf<'host'>, 'unit' | 'time'>;

/** How a host showed itself, the fields of its event. */
type HostEvidence = Pick<HostFact, 'reason' | 'port' | 'rttMs'>;

/** Names the maker of an interface from its MAC; null when nobody is registered. */
type VendorOf = (mac: string) => string | null;

/**
 * Who a host is, as far as the run has learned. A host event that comes later says all of what the earlier ones said and more, so
 * that whoever keeps the last one only loses nothing.
 */
export class HostIdentity {
  readonly address: string;
  readonly #vendorOf: VendorOf;
  readonly #book: NameBook;
  #evidence: HostEvidence;
  #trusted: readonly HostName[];
  #mac: string | null = null;
  #settled: Promise<void> = Promise.resolve();

  constructor(init: {
    readonly address: string;
    readonly evidence: HostEvidence;
    readonly names: readonly HostName[];
    readonly mac?: string | undefined;
    readonly vendorOf: VendorOf;
  }) {
    this.address = init.address;
    this.#evidence = init.evidence;
    this.#trusted = init.names.filter(({ source }) => source === 'target' || source === 'ptr');
    this.#book = new NameBook(init.names);
    this.#vendorOf = init.vendorOf;
    this.#mac = init.mac ?? null;
  }

  /** How it showed itself. */
  get evidence(): HostEvidence {
    return this.#evidence;
  }

  get assumed(): boolean {
    return this.#evidence.reason === 'assumed';
  }

  /**
   * Names under which the host may be spoken to (TLS SNI, HTTP Host): the target's own and those that DNS leads back to the address.
   * What hosts and certificates say of themselves is told, never used: it could name a host of somebody else.
   */
  get trusted(): readonly HostName[] {
    return this.#trusted;
  }

  /** All names, at most 64. */
  get names(): HostName[] {
    return this.#book.list();
  }

  /** Resolves when `trusted` is complete. */
  get settled(): Promise<void> {
    return this.#settled;
  }

  /** `work` is looking for trusted names; it never rejects. */
  settlesWith(work: Promise<void>): void {
    this.#settled = work;
  }

  trust(names: readonly HostName[]): boolean {
    this.#trusted = [...this.#trusted, ...names];
    return this.#book.add(names);
  }

  /** Takes in what was learned; true when any of it was new. A MAC seen on the wire is not replaced by one that the host states. */
  learn(names: readonly HostName[], mac?: string): boolean {
    const named = this.#book.add(names);
    if (mac === undefined || this.#mac !== null) return named;
    this.#mac = mac;
    return true;
  }

  /** The event of the host, whole. */
  fact(state: 'up' | 'silent' = 'up', evidence: HostEvidence = this.#evidence): HostFact {
    const names = this.names;
    const vendor = this.#mac === null ? null : this.#vendorOf(this.#mac);
    this.#evidence = evidence;
    return {
      type: 'host',
      address: this.address,
      state,
      ...evidence,
      ...(this.#mac === null ? {} : { mac: this.#mac }),
      ...(vendor === null ? {} : { macVendor: vendor.slice(0, 128) }),
      ...(names.length > 0 ? { names } : {}),
    };
  }
}
