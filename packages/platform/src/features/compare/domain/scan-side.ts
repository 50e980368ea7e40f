import { parseIp } from '@picket/base/ip';
import { contains } from '@picket/base/range-set';
import type { UntestedReason } from '@picket/contracts/api/compare';
import { notEvaluableReason } from '@picket/contracts/event';
import { parseBlockSubject } from '@picket/plan/blocks';
import { isWide } from '@picket/plan/wide-range';
import { type PackedCoverage, portsOf, type PortState, unpackCoverage } from '../../../jobs/domain/coverage.ts';
import { blocksSet, type StoredPlan } from '../../../jobs/stored-plan.ts';

/** Discovery of one block, as the ledger has it. */
export interface BlockUnit {
  /** `10.0.0.0-10.0.0.255`. */
  readonly subject: string;
  readonly state: string;
  readonly reason: string | null;
  /** Addresses of it that the appliance's own list forbade. */
  readonly denied: number;
}

/** A phase of a host; null where it has none. */
export interface HostUnit {
  readonly state: string;
  readonly reason: string | null;
  readonly coverage: PackedCoverage | null;
}

/** What one scan looked at: all that is needed to tell "not there" from "not tested". Pure. */
export interface ScanSide {
  /** Null: the address was asked to the end. */
  untestedHost(address: string): UntestedReason | null;
  /** State of a port that no fact calls open; a reason where it was not tested. */
  portState(port: { readonly protocol: 'tcp' | 'udp'; readonly port: number }, unit: HostUnit | null): PortAnswer;
  readonly phases: ReadonlySet<string>;
}

export type PortAnswer =
  | { readonly state: Exclude<PortState, 'untested'> }
  | { readonly state: 'untested'; readonly reason: UntestedReason };

interface Block {
  readonly first: bigint;
  readonly last: bigint;
  readonly unit: BlockUnit;
  readonly wide: boolean;
}

/** Blocks are looked up by binary search, so that a host costs the logarithm of the blocks. */
export function scanSide(
  plan: Pick<StoredPlan, 'ranges' | 'exclusions' | 'ports' | 'phases'>,
  units: readonly BlockUnit[],
): ScanSide {
  const planned = blocksSet(plan.ranges);
  const excluded = blocksSet(plan.exclusions);
  const blocks = { 4: blocksOf(units, 4), 6: blocksOf(units, 6) };
  const ports = { tcp: portsOf(plan.ports.tcp), udp: portsOf(plan.ports.udp) };
  const phases = new Set<string>(plan.phases);
  return {
    phases,
    untestedHost(text) {
      const address = parseIp(text);
      if (!address.ok) return 'not-in-targets';
      if (contains(excluded, address.value)) return 'excluded';
      if (!contains(planned, address.value)) return 'not-in-targets';
      const block = blockWith(blocks[address.value.family], address.value.bits);
      if (!block) return 'not-reached';
      if (block.unit.state !== 'done') return reasonOf(block.unit);
      return block.wide || block.unit.denied > 0 ? 'not-known' : null;
    },
    portState({ protocol, port }, unit) {
      if (!phases.has('ports') || !ports[protocol].has(port)) return { state: 'untested', reason: 'not-planned' };
      if (!unit) return { state: 'untested', reason: 'not-reached' };
      const state = unpackCoverage(unit.coverage, protocol, [port]).get(port) ?? 'untested';
      if (state !== 'untested') return { state };
      const known = unit.coverage !== null || unit.state !== 'done';
      return { state, reason: known ? reasonOf(unit) : 'not-known' };
    },
  };
}

/** Why a unit that is not done, or left something out, did not test it. */
export function reasonOf({ reason }: Pick<HostUnit, 'reason'>): UntestedReason {
  return notEvaluableReason.safeParse(reason).data ?? 'not-reached';
}

function blocksOf(units: readonly BlockUnit[], family: 4 | 6): readonly Block[] {
  const blocks = units.flatMap((unit): Block[] => {
    const range = parseBlockSubject(unit.subject);
    return range?.family === family ? [{ first: range.first, last: range.last, unit, wide: isWide(range) }] : [];
  });
  return blocks.sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
}

function blockWith(blocks: readonly Block[], bits: bigint): Block | null {
  let [low, high] = [0, blocks.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((blocks[middle]?.first ?? 0n) <= bits) low = middle + 1;
    else high = middle;
  }
  const block = blocks[low - 1];
  return block && block.last >= bits ? block : null;
}
