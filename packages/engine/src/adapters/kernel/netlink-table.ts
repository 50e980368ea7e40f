import { err, ok, type Result } from '@picket/base/result';
import type { LinkInfo, NetworkTable, RouteInfo } from '../../packets/network-table.ts';
import { addressBytes } from '../../wire/address-bytes.ts';
import { type KernelError, kernelError } from './kernel-error.ts';
import { libc } from './libc.ts';
import { type AddressEntry, addressFamily, decodeAddress, decodeLink } from './netlink-entries.ts';
import { decodeNeighbourEntry, decodeRoute, neighbourAttribute, type RouteEntry } from './netlink-entries.ts';
import { decodeNetlink, encodeNetlink, type NetlinkMessage, netlinkType } from './netlink-message.ts';

const afNetlink = 16;
const sockRaw = 3;
const closeOnExec = 0o2000000;
const dontWait = 0x40;
/** The kernel fills dumps up to what the reader offers, 32 KiB at most. */
const receiveBytes = 64 * 1024;
const routeType = { unicast: 1, local: 2, unreachable: 6 } as const;
const destinationAttribute = 1;
const mainTable = 254;
/** NUD_NONE, NUD_INCOMPLETE, NUD_FAILED and NUD_NOARP: the kernel knows no usable MAC. */
const unusableNeighbour = 0x01 | 0x20 | 0x40;

/**
 * What the kernel says over NETLINK_ROUTE; needs no privilege. A look-up costs some 10 µs. `routeTo` takes the links as they were when
 * `links` was asked last.
 */
export function openNetworkTable(): Result<NetworkTable & { close(): void }, KernelError> {
  const { socket, close, errno } = libc();
  const fd = socket(afNetlink, sockRaw | closeOnExec, 0);
  if (fd < 0) return err(kernelError('socket(AF_NETLINK)', errno()));
  const ask = conversation(fd);
  let known: ReadonlyMap<number, LinkInfo> | null = null;
  const links = (): readonly LinkInfo[] => {
    const read = readLinks(ask);
    known = new Map(read.map((link) => [link.index, link]));
    return read;
  };
  const linkOf = (index: number): LinkInfo | undefined => {
    if (known === null || !known.has(index)) links();
    return known?.get(index);
  };
  return ok({
    links,
    routeTo: (address) => readRoute(ask, linkOf, address),
    neighbour: (linkIndex, address) => readNeighbour(ask, linkIndex, address),
    routes: () => networksOf(readRoutes(ask), links()),
    close: () => {
      close(fd);
    },
  });
}

interface Question {
  readonly type: number;
  readonly dump: boolean;
  readonly fixed: Uint8Array;
  readonly attributes?: readonly { readonly type: number; readonly data: Uint8Array }[];
}

type Ask = (question: Question) => readonly NetlinkMessage[];

/** Question and answer: the kernel answers while it takes the question, so nothing here ever waits. */
function conversation(fd: number): Ask {
  const buffer = new Uint8Array(receiveBytes);
  let sequence = 0;
  return ({ type, dump, fixed, attributes = [] }) => {
    sequence += 1;
    const request = encodeNetlink({ type, dump, fixed, attributes, sequence });
    const { send, recv } = libc();
    const answers: NetlinkMessage[] = [];
    if (Number(send(fd, request, request.length, 0)) < 0) return answers;
    for (;;) {
      const length = Number(recv(fd, buffer, buffer.length, dontWait));
      if (length <= 0) return answers;
      for (const message of decodeNetlink(buffer.subarray(0, length), sequence)) {
        if (message.type === netlinkType.done || message.type === netlinkType.error) return answers;
        answers.push(message);
        if (!dump) return answers;
      }
    }
  };
}

function readLinks(ask: Ask): readonly LinkInfo[] {
  const addresses = ask({ type: netlinkType.getAddress, dump: true, fixed: new Uint8Array(8) })
    .map(({ body }) => decodeAddress(body))
    .filter((entry): entry is AddressEntry => entry !== null);
  const links: LinkInfo[] = [];
  for (const { body } of ask({ type: netlinkType.getLink, dump: true, fixed: new Uint8Array(16) })) {
    const link = decodeLink(body);
    if (link === null) continue;
    const own = addresses.filter(({ linkIndex }) => linkIndex === link.index);
    links.push({ ...link, addresses: own.map(({ address, prefix }) => ({ address, prefix })) });
  }
  return links;
}

function readRoute(ask: Ask, linkOf: (index: number) => LinkInfo | undefined, address: string): RouteInfo | null {
  const data = addressBytes(address);
  if (data === null) return null;
  const fixed = new Uint8Array(12);
  fixed[0] = familyOf(data);
  fixed[1] = data.length * 8;
  const question = {
    type: netlinkType.getRoute,
    dump: false,
    fixed,
    attributes: [{ type: destinationAttribute, data }],
  };
  const [answer] = ask(question);
  const route = answer === undefined ? null : decodeRoute(answer.body);
  const hop = route?.hops[0];
  const link = hop === undefined ? undefined : linkOf(hop.linkIndex);
  if (route === null || route.type >= routeType.unreachable || hop === undefined || link === undefined) return null;
  const local = route.type === routeType.local;
  const source = route.source ?? (local ? address : sourceOn(link, route.family));
  return source === null ? null : { link, source, gateway: hop.gateway, local };
}

/** Where the kernel names no source: the first address of the family on the link. */
function sourceOn(link: LinkInfo, family: number): string | null {
  const six = family === addressFamily.six;
  return link.addresses.find(({ address }) => address.includes(':') === six)?.address ?? null;
}

function readNeighbour(ask: Ask, linkIndex: number, address: string): string | null {
  const data = addressBytes(address);
  if (data === null) return null;
  const fixed = new Uint8Array(12);
  fixed[0] = familyOf(data);
  new DataView(fixed.buffer).setInt32(4, linkIndex, true);
  const attributes = [{ type: neighbourAttribute.address, data }];
  const [answer] = ask({ type: netlinkType.getNeighbour, dump: false, fixed, attributes });
  const entry = answer === undefined ? null : decodeNeighbourEntry(answer.body);
  return entry === null || (entry.state & unusableNeighbour) !== 0 ? null : entry.mac;
}

function readRoutes(ask: Ask): readonly RouteEntry[] {
  return ask({ type: netlinkType.getRoute, dump: true, fixed: new Uint8Array(12) })
    .map(({ body }) => decodeRoute(body))
    .filter((route): route is RouteEntry => route !== null)
    .filter(({ table, type }) => table === mainTable && type === routeType.unicast);
}

/** Networks of the links that are up. Every link has fe80::/64, which says nothing. */
function networksOf(routes: readonly RouteEntry[], links: readonly LinkInfo[]): ReturnType<NetworkTable['routes']> {
  const usable = new Set(links.filter(({ up, loopback }) => up && !loopback).map(({ index }) => index));
  return routes
    .filter(({ prefix }) => !prefix.startsWith('fe80:'))
    .flatMap(({ family, prefix, hops }) => hops.map((hop) => ({ family, entry: { prefix, ...hop } })))
    .filter(({ entry }) => usable.has(entry.linkIndex))
    .sort((a, b) => a.family - b.family || (a.entry.prefix < b.entry.prefix ? -1 : 1))
    .map(({ entry }) => entry);
}

function familyOf(address: Uint8Array): number {
  return address.length === 4 ? addressFamily.four : addressFamily.six;
}
