import { describeError } from '@picket/base/error';
import { formatIp, parseIp } from '@picket/base/ip';
import type { RangeSet } from '@picket/base/range-set';
import type { EngineEventOf } from '@picket/contracts/event';
import { type LinkFindings, linksToSearch, searchLink, splitByScope } from '../link-search/link-search.ts';
import type { NetworkFact } from '../trace/network-facts.ts';
import { clip } from '../gate/scope.ts';
import type { RunContext } from './run-context.ts';
import type { Without } from './stages.ts';

/** What asking all IPv6 hosts of our links brought. */
export interface NearFindings {
  /** Addresses of the job that spoke, that a neighbour may have or that are our own; canonical. */
  readonly worthAsking: readonly string[];
  /** MAC of each address that spoke. */
  readonly macs: ReadonlyMap<string, string>;
  readonly facts: readonly (NetworkFact | Without<EngineEventOf<'note'>, 'unit' | 'time'>)[];
}

/** Addresses that a note lists; more are counted only. */
const mostListed = 16;

const nothing: NearFindings = { worthAsking: [], macs: new Map(), facts: [] };

/**
 * Searches the links on which the job has IPv6 targets, one after the other. Neighbours outside the job are told of and never asked.
 * Never rejects. `onSent` is called for each frame that went out.
 */
export async function searchNear(context: RunContext, onSent: () => void): Promise<NearFindings> {
  const { networkTable, openLink, scope, clock, signal, random, gate, log } = context;
  if (!networkTable || !openLink) return nothing;
  const wanted = scope.allowed.filter(({ family }) => family === 6);
  const identifier = random.integer(0x1_0000);
  const init = { open: openLink, clock, signal, identifier, onSend: () => gate.multicast(), onSent };
  const found: LinkFindings[] = [];
  try {
    for (const link of linksToSearch(networkTable.links(), wanted)) {
      const findings = await searchLink(link, init);
      if (findings) found.push(findings);
    }
  } catch (error) {
    if (!signal.aborted) log.write('error', 'engine.link-search-failed', { message: describeError(error) });
  }
  return gather(found, wanted);
}

function gather(found: readonly LinkFindings[], wanted: RangeSet): NearFindings {
  const macs = new Map(found.flatMap(({ hosts }) => hosts.map(({ address, mac }) => [address, mac] as const)));
  const spoke = splitByScope([...macs.keys()], wanted);
  const guessed = splitByScope(
    found.flatMap(({ guesses }) => guesses),
    wanted,
  );
  const own = splitByScope(
    found.flatMap(({ link }) => link.addresses.map(({ address }) => address)),
    wanted,
  );
  const networks = found.flatMap(({ networks }) => networks);
  const notes = found.flatMap(({ link, hosts }) =>
    noteOf(
      link.name,
      hosts.map(({ address }) => address),
      wanted,
    ),
  );
  return { worthAsking: [...own.inside, ...spoke.inside, ...guessed.inside], macs, facts: [...networks, ...notes] };
}

/** Who else is there: worth knowing, and no business of this job. */
function noteOf(link: string, addresses: readonly string[], wanted: RangeSet): NearFindings['facts'] {
  const { outside } = splitByScope(addresses, wanted);
  if (outside.length === 0) return [];
  const listed = outside.slice(0, mostListed).join(', ');
  const more = outside.length > mostListed ? ` and ${outside.length - mostListed} more` : '';
  const message = `On ${link}, ${outside.length} IPv6 addresses were seen that are not targets of this job and were not asked: ${listed}${more}`;
  return [{ type: 'note', level: 'info', code: 'engine.seen-out-of-scope', message: message.slice(0, 1000) }];
}

/** The addresses of a text list that lie in a set of one block, as a set. */
export function knownPart(inBlock: RangeSet, texts: Iterable<string>): RangeSet {
  const parts = new Map<string, RangeSet[number]>();
  for (const text of texts) {
    const parsed = parseIp(text);
    if (!parsed.ok) continue;
    const { family, bits } = parsed.value;
    for (const part of clip(inBlock, { family, first: bits, last: bits })) parts.set(formatIp(parsed.value), part);
  }
  return [...parts.values()].sort((a, b) => (a.first < b.first ? -1 : 1));
}
