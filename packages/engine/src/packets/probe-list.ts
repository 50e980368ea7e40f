/** One question that a scan asks of each address. */
export type ProbeSpec =
  | { readonly kind: 'syn' | 'ack'; readonly port: number }
  | { readonly kind: 'echo' | 'timestamp' }
  /** Payloads take turns over the passes; at least one, which may be empty. */
  | { readonly kind: 'udp'; readonly port: number; readonly payloads: readonly Uint8Array[] };

export type ListName = 'discovery' | 'ports';

/** The questions of a scan, and how to find the one that an answer belongs to. */
export class ProbeList {
  readonly name: ListName;
  readonly probes: readonly ProbeSpec[];
  readonly hasUdp: boolean;
  readonly #places = new Map<string, Int32Array>();

  constructor(name: ListName, probes: readonly ProbeSpec[]) {
    this.name = name;
    this.probes = probes;
    this.hasUdp = probes.some(({ kind }) => kind === 'udp');
    for (const [index, probe] of probes.entries()) this.#tableOf(probe.kind)[portOf(probe)] = index;
  }

  get count(): number {
    return this.probes.length;
  }

  /** One answer per host is enough: the list only asks whether it is there. */
  get firstOnly(): boolean {
    return this.name === 'discovery';
  }

  /** Index of a probe, or -1 when the list has none such. */
  find(kind: ProbeSpec['kind'], port: number): number {
    return this.#places.get(kind)?.[port] ?? -1;
  }

  #tableOf(kind: ProbeSpec['kind']): Int32Array {
    const known = this.#places.get(kind);
    if (known) return known;
    const table = new Int32Array(65_536).fill(-1);
    this.#places.set(kind, table);
    return table;
  }
}

/** 0 for probes without one. */
export function portOf(probe: ProbeSpec): number {
  return 'port' in probe ? probe.port : 0;
}
