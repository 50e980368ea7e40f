import type { ProbesSent } from '@picket/contracts/event';
import { compressPorts } from '@picket/plan/port-set';

/** What goes out to find hosts; see `probesSent`. */
export type ProbeKind =
  | 'arp'
  | 'ndp'
  | 'icmp-echo'
  | 'icmp-timestamp'
  | 'tcp-syn'
  | 'tcp-ack'
  | 'tcp-connect'
  | 'udp'
  | 'icmpv6-multicast';

/** Packets of one kind; `port` where it has one. */
export interface ProbeCount {
  readonly kind: ProbeKind;
  readonly port?: number;
  readonly sent: number;
}

const longestDetail = 256;

/** Counts what was sent to find the hosts of one block, and what was not. Memory grows with kinds and ports, not with addresses. */
export class ProbeTally {
  readonly #sent = new Map<string, { readonly kind: ProbeKind; readonly port: number; sent: number }>();
  readonly #elsewhere: (() => Iterable<ProbeCount>)[] = [];
  readonly #unsent = new Map<string, { addresses: number | null; detail: string }>();
  #planned: number | null = null;
  #settled = 0;

  /** So many more went out; a negative number takes back what did not go out after all. */
  add({ kind, port = 0, sent }: ProbeCount): void {
    const key = `${kind} ${port}`;
    const known = this.#sent.get(key);
    if (known) known.sent += sent;
    else this.#sent.set(key, { kind, port, sent });
  }

  /** `add` for questions to one port, in the form that a probe takes. */
  counter(kind: ProbeKind, port: number): (more: 1 | -1) => void {
    return (sent) => this.add({ kind, port, sent });
  }

  /** Counters that somebody else keeps: they are read when the tally is. */
  watch(read: () => Iterable<ProbeCount>): void {
    this.#elsewhere.push(read);
  }

  /** So many addresses are to be asked. */
  plan(addresses: number): void {
    this.#planned = addresses;
  }

  /** An address is through: found, silent or left out. */
  settle(): void {
    this.#settled += 1;
  }

  /** Something was not sent; `addresses` null: to none of them. Of several details of one reason the last stands. */
  leaveOut(reason: string, addresses: number | null, detail = ''): void {
    const before = this.#unsent.get(reason)?.addresses ?? 0;
    this.#unsent.set(reason, { addresses: addresses === null ? null : before + addresses, detail });
  }

  /** The figures so far. `stop`: why the work ended early, or null. */
  figures(stop: string | null): ProbesSent {
    const unsent: ProbesSent['unsent'] = [...this.#unsent].map(([reason, { addresses, detail }]) => ({
      reason,
      ...(addresses === null ? {} : { addresses }),
      ...(detail === '' ? {} : { detail: detail.slice(0, longestDetail) }),
    }));
    if (stop !== null) unsent.push(...this.#left(stop));
    return { sent: this.#sums(), unsent };
  }

  #left(reason: string): ProbesSent['unsent'] {
    if (this.#planned === null) return [{ reason }];
    const addresses = this.#planned - this.#settled;
    return addresses > 0 ? [{ reason, addresses }] : [];
  }

  #sums(): ProbesSent['sent'] {
    const own = [...this.#sent.values()];
    const counts = [...own, ...this.#elsewhere.flatMap((read) => [...read()])].filter(({ sent }) => sent > 0);
    return [...Map.groupBy(counts, ({ kind }) => kind)].map(([kind, of]) => {
      const ports = [...new Set(of.flatMap(({ port = 0 }) => (port > 0 ? [port] : [])))].sort((a, b) => a - b);
      const sent = of.reduce((sum, one) => sum + one.sent, 0);
      return { kind, sent, ...(ports.length > 0 ? { ports: compressPorts(ports) } : {}) };
    });
  }
}
