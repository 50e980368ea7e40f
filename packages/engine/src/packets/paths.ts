import { formatIp, type IpRange, parseIp, parseRange } from '@picket/base/ip';
import { intersect, type RangeSet, subtract } from '@picket/base/range-set';
import { macBytes } from '../wire/address-bytes.ts';
import type { AddressBook } from './address-book.ts';
import type { LinkInfo, NetworkTable, RouteInfo } from './network-table.ts';
import type { PacketLink } from './packet-link.ts';
import type { OpenLink, Path } from './path.ts';
import { FrameOwners } from './sent-counts.ts';

export interface PathsInit {
  readonly table: NetworkTable;
  readonly book: AddressBook;
  /** Opens an interface; a text says why it can't be. */
  readonly openLink: (info: LinkInfo) => PacketLink | string;
  readonly vlan: number | null;
  readonly sourceAddress: string | null;
}

/** Addresses that share a path, or the reason why no packet gets there from here. */
export interface Segment {
  readonly addresses: RangeSet;
  readonly path: Path | { readonly refused: 'elsewhere' | 'failed'; readonly detail: string };
}

/** How long the routes that cut ranges are believed, milliseconds. */
const routesBelievedMs = 5000;

/** Finds out how packets leave, from the kernel's tables, and opens each interface when it is first needed. */
export class Paths {
  readonly #init: PathsInit;
  readonly #links = new Map<number, OpenLink | string>();
  #cuts: readonly IpRange[] = [];
  #cutsAt = Number.NEGATIVE_INFINITY;

  constructor(init: PathsInit) {
    this.#init = init;
  }

  get links(): readonly OpenLink[] {
    return [...this.#links.values()].filter((link) => typeof link !== 'string');
  }

  /** Cuts addresses into segments, in their order. */
  segments(addresses: RangeSet, now: number): readonly Segment[] {
    const segments: Segment[] = [];
    for (const range of this.#pieces(addresses, now)) {
      const path = this.#pathTo(range);
      const previous = segments.at(-1);
      if (previous && samePath(previous.path, path))
        segments[segments.length - 1] = { addresses: [...previous.addresses, range], path: previous.path };
      else segments.push({ addresses: [range], path });
    }
    return segments;
  }

  /** MAC of a neighbour, as far as the kernel knows. */
  kernelMac(path: Path, address: string): Uint8Array | null {
    const mac = this.#init.table.neighbour(path.out.index, address);
    return mac === null ? null : macBytes(mac);
  }

  close(): void {
    for (const link of this.links) link.link.close();
    this.#links.clear();
  }

  /** No piece crosses a boundary between two routes. */
  #pieces(addresses: RangeSet, now: number): RangeSet {
    if (now - this.#cutsAt > routesBelievedMs) {
      this.#cuts = cutsOf(this.#init.table);
      this.#cutsAt = now;
    }
    let pieces = addresses;
    for (const cut of this.#cuts) {
      if (!pieces.some((piece) => crosses(piece, cut))) continue;
      const inside = intersect(pieces, [cut]);
      const outside = subtract(pieces, [cut]);
      pieces = [...inside, ...outside].sort(compare);
    }
    return pieces;
  }

  #pathTo(range: IpRange): Segment['path'] {
    const address = formatIp({ family: range.family, bits: range.first });
    const route = this.#init.table.routeTo(address);
    if (route === null) return { refused: 'elsewhere', detail: `the kernel has no route to ${address}` };
    if (route.local || route.link.loopback) return { refused: 'elsewhere', detail: `${address} is this machine` };
    const opened = this.#open(route.link);
    if (typeof opened === 'string') return { refused: 'elsewhere', detail: `${route.link.name}: ${opened}` };
    if (opened.fault !== null) return { refused: 'failed', detail: `${route.link.name}: ${opened.fault}` };
    return this.#path(range.family, route, opened);
  }

  #path(version: 4 | 6, route: RouteInfo, out: OpenLink): Segment['path'] {
    const { book, vlan, sourceAddress } = this.#init;
    const own = sourceAddress !== null && route.link.addresses.some(({ address }) => address === sourceAddress);
    const source = parseIp(own && sourceAddress !== null ? sourceAddress : route.source);
    if (!source.ok || source.value.family !== version)
      return { refused: 'failed', detail: `${route.link.name} has no IPv${version} address to send from` };
    const gateway = route.gateway === null ? null : parseIp(route.gateway);
    return {
      out,
      version,
      source: book.keyOf(source.value),
      gateway: gateway?.ok ? book.keyOf(gateway.value) : null,
      vlan: vlan ?? -1,
    };
  }

  #open(info: LinkInfo): OpenLink | string {
    const known = this.#links.get(info.index);
    if (known !== undefined) return known;
    const link = this.#init.openLink(info);
    const mac = (info.mac === null ? null : macBytes(info.mac)) ?? new Uint8Array(6);
    const fresh = { mac, pending: 0, owners: new FrameOwners(), fault: null };
    const opened = typeof link === 'string' ? link : { index: info.index, name: info.name, link, ...fresh };
    this.#links.set(info.index, opened);
    return opened;
  }
}

function cutsOf(table: NetworkTable): IpRange[] {
  const own = table.links().flatMap(({ addresses }) => addresses.map(({ address }) => address));
  const texts = [...table.routes().map(({ prefix }) => prefix), ...own];
  return texts.flatMap((text) => {
    const range = parseRange(text);
    return range.ok ? [range.value] : [];
  });
}

function crosses(piece: IpRange, cut: IpRange): boolean {
  if (piece.family !== cut.family || cut.last < piece.first || cut.first > piece.last) return false;
  return cut.first > piece.first || cut.last < piece.last;
}

function compare(a: IpRange, b: IpRange): number {
  return a.family - b.family || (a.first < b.first ? -1 : a.first > b.first ? 1 : 0);
}

function samePath(a: Segment['path'], b: Segment['path']): boolean {
  if ('refused' in a || 'refused' in b) return 'refused' in a && 'refused' in b && a.detail === b.detail;
  return a.out === b.out && a.version === b.version && a.source === b.source && a.gateway === b.gateway;
}
