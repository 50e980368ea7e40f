import type { Clock } from '@picket/base/clock';
import type { Result } from '@picket/base/result';
import { parseIp, parseRange } from '@picket/base/ip';
import { contains, intersect, type RangeSet } from '@picket/base/range-set';
import type { LinkInfo } from '../packets/network-table.ts';
import type { LinkFilter, PacketLink } from '../packets/packet-link.ts';
import type { NetworkFact } from '../trace/network-facts.ts';
import { addressBytes, macBytes } from '../wire/address-bytes.ts';
import { guessedAddresses } from './guesses.ts';
import { Heard, type HeardHost, type HeardRouter, isLinkLocal } from './heard.ts';
import { type EchoMark, echoToAll, invalidOptionToAll, queryListeners, solicitRouters } from './questions.ts';

/** Opens a link for sending and receiving; null where packets can't be sent. */
export type OpenLink = (link: LinkInfo, filter: LinkFilter) => Result<PacketLink, unknown>;

export interface LinkSearchInit {
  readonly open: OpenLink;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Identifier of our echo requests, 16 bits. */
  readonly identifier: number;
  /** Called before each frame that goes out. */
  readonly onSend: () => Promise<void>;
  /** Called for each frame that the kernel took. */
  readonly onSent?: () => void;
}

/** What a link told of itself. */
export interface LinkFindings {
  readonly link: LinkInfo;
  readonly hosts: readonly HeardHost[];
  /** Addresses that its hosts may have as well. */
  readonly guesses: readonly string[];
  readonly networks: readonly NetworkFact[];
}

/** All questions are asked so often: frames by multicast are not repeated by anybody when they get lost. */
const rounds = 2;
/** Between two frames by multicast, milliseconds: every host of the link gets each of them. */
const spacingMs = 100;
/** How long answers are waited for after the last question, milliseconds. */
const listenMs = 2000;
/** How often the ring is emptied, milliseconds. */
const drainMs = 50;
/** Addresses of ours from which all nodes are asked, so that they answer from the same prefixes. */
const mostSources = 4;

/**
 * Finds IPv6 hosts on a link where no sweep can: by asking all nodes at once. Some twenty frames by multicast in all; every host of the
 * link gets them, since that is what a multicast is, but only hosts in scope are looked at afterwards. Null: packets can't be sent on it.
 * Rejects for an abort.
 */
export async function searchLink(link: LinkInfo, init: LinkSearchInit): Promise<LinkFindings | null> {
  const mac = link.mac === null ? null : macBytes(link.mac);
  if (!mac || !link.up || link.loopback || link.framing !== 'ethernet') return null;
  const { identifier, clock, signal, open } = init;
  const filter = { sourcePorts: [65_535, 65_535], echoId: identifier, neighbours: true, everyGroup: true } as const;
  const opened = open(link, filter);
  if (!opened.ok) return null;
  const packets = opened.value;
  const heard = new Heard({ identifier });
  const listen = async (milliseconds: number) => {
    for (let left = milliseconds; left > 0; left -= drainMs) {
      await clock.sleep(Math.min(left, drainMs), signal);
      packets.receive(4096, (bytes) => heard.take(bytes));
    }
  };
  try {
    for (let round = 0; round < rounds; round += 1) {
      for (const frame of questions(link, mac, { identifier, sequence: round })) {
        await init.onSend();
        if (send(packets, frame)) init.onSent?.();
        await listen(spacingMs);
      }
    }
    await listen(listenMs);
  } finally {
    packets.close();
  }
  return findings(link, heard);
}

/** Listeners and routers heed only those who ask from a link-local address. */
function questions(link: LinkInfo, mac: Uint8Array, mark: EchoMark): Uint8Array[] {
  const sourcesOf = (local: boolean) =>
    link.addresses
      .filter(({ address }) => address.includes(':') && isLinkLocal(address) === local)
      .flatMap(({ address }) => addressBytes(address) ?? []);
  const local = sourcesOf(true).slice(0, 1);
  const everybody = [...local, ...sourcesOf(false).slice(0, mostSources)];
  return [
    ...local.flatMap((source) => [solicitRouters({ mac, source }), queryListeners({ mac, source })]),
    ...everybody.flatMap((source) => [echoToAll({ mac, source }, mark), invalidOptionToAll({ mac, source }, mark)]),
  ];
}

/** True when the kernel took it. */
function send(packets: PacketLink, frame: Uint8Array): boolean {
  packets.arena.set(frame, 0);
  packets.setLength(0, frame.length);
  return packets.send(0, 1) === 1;
}

function findings(link: LinkInfo, heard: Heard): LinkFindings {
  const own = new Set(link.addresses.map(({ address }) => address));
  const hosts = heard.hosts.filter(({ address }) => !own.has(address));
  const networks = heard.routers.flatMap((router) => networksOf(router, link));
  const prefixes = [
    ...link.addresses.map(({ address, prefix }) => `${address}/${prefix}`),
    ...networks.map(({ prefix }) => prefix),
  ];
  const spoken = new Set(hosts.map(({ address }) => address));
  const guesses = guessedAddresses(heard, prefixes).filter((address) => !spoken.has(address) && !own.has(address));
  return { link, hosts, guesses, networks };
}

/** The prefixes that a router advertises for the link, and the way out through it when it is a default router. */
function networksOf({ address, advertisement }: HeardRouter, link: LinkInfo): NetworkFact[] {
  const where = { link: link.name.slice(0, 32), ...(link.vlan === null ? {} : { vlan: link.vlan.id }) };
  const fact = (prefix: string, gateway: string | null): NetworkFact => ({
    type: 'network',
    prefix,
    gateway,
    ...where,
    source: 'router-advertisement',
  });
  const onLink = advertisement.prefixes.filter((each) => each.onLink).map(({ prefix }) => fact(prefix, null));
  return [...onLink, ...(advertisement.lifetimeSeconds > 0 ? [fact('::/0', address)] : [])];
}

/** The links on which a job has IPv6 targets. */
export function linksToSearch(links: readonly LinkInfo[], wanted: RangeSet): LinkInfo[] {
  return links.filter(({ addresses }) =>
    addresses.some(({ address, prefix }) => {
      const range = address.includes(':') ? parseRange(`${address}/${prefix}`) : null;
      return range?.ok === true && intersect([range.value], wanted).length > 0;
    }),
  );
}

/** Splits addresses into those of the job and the others. */
export function splitByScope(
  addresses: readonly string[],
  wanted: RangeSet,
): { readonly inside: readonly string[]; readonly outside: readonly string[] } {
  const inside: string[] = [];
  const outside: string[] = [];
  for (const address of addresses) {
    const parsed = parseIp(address);
    (parsed.ok && contains(wanted, parsed.value) ? inside : outside).push(address);
  }
  return { inside, outside };
}
