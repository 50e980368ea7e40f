/** What a probe knows of the port it talks to. */
export interface ProbeContext {
  /** Name or address for a Host field; an IPv6 literal stands in brackets. */
  readonly host: string;
  readonly port: number;
  /** True inside TLS. */
  readonly tls: boolean;
}

/** A text from the service and the fingerprint database that judges it (recog's names, or ours where recog has none). */
export interface BannerText {
  readonly database: string;
  readonly text: string;
}

export interface OsHint {
  readonly vendor?: string;
  readonly product: string;
  readonly version?: string;
  readonly cpe?: string;
}

/** A protocol was spoken. Fields that the protocol itself carries; fingerprints of `banners` add to them. */
export interface Identification {
  /** IANA service name, or the usual name where IANA has none. */
  readonly service: string;
  /** The service offers an upgrade to TLS. */
  readonly startTls?: boolean;
  /** Judged in this order; the first hit names the product, later ones only add components. */
  readonly banners?: readonly BannerText[];
  readonly vendor?: string;
  readonly product?: string;
  readonly version?: string;
  /** CPE in either binding, for a product that the protocol itself names. */
  readonly cpe?: string;
  readonly info?: string;
  readonly hostname?: string;
  readonly os?: OsHint;
  /** Below 1 when the answer fits the protocol but others could give it too. */
  readonly confidence?: number;
  /** Name of a probe that can tell more about this very service. */
  readonly refineWith?: string;
}

/**
 * `start-tls`: the peer agreed to upgrade, so do; its answer is empty. No bytes at all: read on without asking. null: enough
 * was said.
 */
export type ProbeStep = Uint8Array | 'start-tls' | null;

/**
 * A service probe: one file, one record. All functions are pure and total; the conversation itself is
 * `converse.ts`. Requests are harmless: they read, never change, and never authenticate.
 */
export interface ServiceProbe {
  readonly name: string;
  /** One sentence: what is sent and what tells the protocol. */
  readonly help: string;
  /** Service names that `classify` may give. */
  readonly services: readonly string[];
  readonly transport: 'tcp' | 'udp';
  /** Who talks first. With `server`, the first answer is the banner. */
  readonly opens: 'server' | 'client';
  /** Ports where this is likely in the clear. */
  readonly ports: readonly number[];
  /** Ports where this is likely inside TLS from the first byte. */
  readonly tlsPorts: readonly number[];
  /** Place among the probes that are tried on a port nobody knows; absent: only on its own ports or when hinted at. */
  readonly fallbackRank?: number;
  /**
   * What shows that it works: `server`, a test starts a real server of Debian and has it identified; `specification`, bytes of
   * the protocol's specification are judged rightly, no server was at hand. `docs/services.md` lists them.
   */
  readonly proved: 'server' | 'specification';
  /** Its ports belong to devices that print or stop when they are asked wrongly: used only when the user asks for it. */
  readonly fragile?: boolean;
  /** The banner could be this protocol: ask on. For banners that several protocols share (`220 hello`). */
  mayBe?(banner: Uint8Array): boolean;
  /** What to send after these answers. A client-first probe is asked with none first. */
  next(answers: readonly Uint8Array[], context: ProbeContext): ProbeStep;
  /** True when the answer to step `index` is whole; without it the first data is the answer. */
  whole?(answer: Uint8Array, index: number): boolean;
  /** The peer says nothing to step `index`: do not wait, take an empty answer (MySQL's request for TLS). */
  silent?(index: number): boolean;
  /** What the answers prove; null when they are not this protocol. Never throws. */
  classify(answers: readonly Uint8Array[], context: ProbeContext): Identification | null;
}
