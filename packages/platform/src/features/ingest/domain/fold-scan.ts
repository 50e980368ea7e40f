import { parseIp } from '@picket/base/ip';
import { contains, covers, type RangeSet } from '@picket/base/range-set';
import { type EngineEvent, type EngineEventOf, eventKey, type SpooledEvent, unitKey } from '@picket/contracts/event';
import { parseBlockSubject } from '@picket/plan/blocks';
import type { Phase } from '@picket/plan/phase';
import { mergeHostEvents, mergeNames, serviceNames } from '@picket/contracts/map/host-facts';
import { osName } from '@picket/contracts/software-name';
import { packCoverage, type PlannedPorts, portsOf } from '../../../jobs/domain/coverage.ts';
import { addProbes, noProbes, probesOfEvent } from '../../../jobs/domain/sent-probes.ts';
import type {
  Fact,
  FactEvent,
  FoldedScan,
  HostSighting,
  Note,
  Observation,
  SentFigures,
  SightedOs,
  SliceEnding,
  UnitChange,
} from './fold-types.ts';

/** What the fold must know of the job. */
export interface FoldContext {
  /** Phases after discovery: a host that is up gets a pending unit for each. */
  readonly hostPhases: readonly Phase[];
  readonly ports: PlannedPorts;
  /** Addresses of each slice by its id; events about others are dropped. */
  readonly scopes: ReadonlyMap<number, RangeSet>;
}

interface Draft {
  readonly units: Map<string, UnitChange>;
  readonly facts: Map<string, Fact>;
  readonly hosts: Map<string, HostSighting>;
  readonly sent: Map<string, SentFigures>;
  readonly notes: Note[];
  readonly endings: SliceEnding[];
  readonly observations: Observation[];
  readonly discovered: Set<string>;
  outOfScope: number;
}

/** Folds the events of one scan, in order, into rows to write. Pure; the same events again give the same rows. */
export function foldScan(events: readonly SpooledEvent[], context: FoldContext): FoldedScan {
  const draft: Draft = {
    units: new Map(),
    facts: new Map(),
    hosts: new Map(),
    sent: new Map(),
    notes: [],
    endings: [],
    observations: [],
    discovered: new Set(),
    outOfScope: 0,
  };
  for (const placed of events) foldOne(draft, placed, context);
  return {
    ...draft,
    units: [...draft.units.values()],
    facts: [...draft.facts.values()],
    hosts: [...draft.hosts.values()],
    sent: [...draft.sent.values()],
    discovered: [...draft.discovered],
  };
}

function foldOne(draft: Draft, placed: SpooledEvent, context: FoldContext): void {
  const { event, slice: sliceId } = placed;
  if (event.type === 'slice') {
    draft.endings.push({
      sliceId,
      leaseId: placed.lease,
      outcome: event.outcome,
      reason: event.reason ?? null,
      detail: event.detail ?? null,
      atConsole: event.by === 'console',
      at: event.time,
    });
    return;
  }
  if (!inScope(event, context.scopes.get(sliceId))) {
    draft.outOfScope += 1;
    return;
  }
  switch (event.type) {
    case 'unit':
      return foldUnit(draft, sliceId, event, context.ports);
    case 'note':
      draft.notes.push({ sliceId, seq: placed.seq, event });
      return;
    case 'stats':
      draft.sent.set(placed.lease, { sliceId, leaseId: placed.lease, event });
      return;
    default:
      return foldFact(draft, sliceId, event, context);
  }
}

/** An event about an address must be about one of its slice; a unit of a host or block too. */
function inScope(event: EngineEvent, scope: RangeSet | undefined): boolean {
  if (!scope) return false;
  if (event.type === 'unit' && event.unit.phase === 'discovery') return coversBlock(scope, event.unit.subject);
  const text = 'address' in event && event.address !== undefined ? event.address : unitAddress(event);
  if (text === null) return true;
  const address = parseIp(text);
  return address.ok && contains(scope, address.value);
}

/** Of a lease that an exclusion ended the blocks are others now: what it still says of a whole one is not taken over. */
function coversBlock(scope: RangeSet, subject: string): boolean {
  const block = parseBlockSubject(subject);
  return block !== null && covers(scope, [block]);
}

function unitAddress(event: EngineEvent): string | null {
  return event.type === 'unit' && event.unit.phase !== 'discovery' ? event.unit.subject : null;
}

function foldUnit(draft: Draft, sliceId: number, event: EngineEventOf<'unit'>, ports: PlannedPorts): void {
  const { phase, subject } = event.unit;
  const address = phase === 'discovery' ? null : subject;
  const before = draft.units.get(unitKey(event.unit))?.probes ?? noProbes;
  draft.units.set(unitKey(event.unit), {
    sliceId,
    phase,
    subject,
    address,
    state: event.state,
    reason: event.reason ?? null,
    detail: event.detail ?? null,
    counts: event.counts ?? {},
    coverage: event.coverage === undefined ? null : packCoverage(event.coverage, ports),
    probes: address === null ? addProbes(before, probesOfEvent(event)) : null,
    at: event.time,
  });
  const at = Date.parse(event.time);
  if (address === null) {
    if (event.state === 'done') draft.discovered.add(subject);
    return;
  }
  for (const coverage of event.coverage ?? []) {
    const where = { at, address, protocol: coverage.protocol };
    draft.observations.push({ kind: 'closed', ...where, ports: portsOf(coverage.closed) });
    draft.observations.push({ kind: 'filtered', ...where, ports: portsOf(coverage.filtered) });
  }
  if (event.state === 'not-evaluable') {
    draft.observations.push({ kind: 'unknown', at, address, reason: event.reason ?? 'internal-error' });
  }
  if (event.state === 'done' && phase === 'checks') draft.observations.push({ kind: 'checks-done', at, address });
}

function foldFact(draft: Draft, sliceId: number, event: FactEvent, context: FoldContext): void {
  const key = eventKey(event);
  if (key !== null) draft.facts.set(key, { key, sliceId, event: mergedFact(draft.facts.get(key)?.event, event) });
  const at = Date.parse(event.time);
  switch (event.type) {
    case 'host':
      if (event.state === 'silent') {
        draft.observations.push({ kind: 'unknown', at, address: event.address, reason: 'host-silent' });
        return;
      }
      sight(draft, sliceId, event, hostNames(event));
      return addHostUnits(draft, sliceId, event, context.hostPhases);
    case 'port':
      if (event.state === 'closed' || event.state === 'filtered') {
        const ports = new Set([event.port]);
        draft.observations.push({ kind: event.state, at, address: event.address, protocol: event.protocol, ports });
        return;
      }
      return sight(draft, sliceId, event, {});
    case 'service':
      return sight(draft, sliceId, event, { os: hintedOs(event), names: serviceNames(event) });
    case 'os':
      return sight(draft, sliceId, event, {
        os: { name: osName(event), confidence: event.confidence, evidence: event.evidence },
      });
    case 'finding':
      sight(draft, sliceId, event, {});
      draft.observations.push({ kind: 'found', at, event });
      return;
    case 'checked':
      draft.observations.push({ kind: 'checked', at, event });
      return;
    case 'route':
    case 'network':
      return;
  }
}

/** Reports about a host add up; of any other fact the last one stands. */
export function mergedFact(known: FactEvent | undefined, event: FactEvent): FactEvent {
  return known?.type === 'host' && event.type === 'host' ? mergeHostEvents(known, event) : event;
}

function hostNames(event: EngineEventOf<'host'>) {
  return { names: event.names ?? [], mac: event.mac ?? null, macVendor: event.macVendor ?? null };
}

/** Merges what an event says of a host with what the batch said before. */
function sight(
  draft: Draft,
  sliceId: number,
  event: { readonly address: string; readonly time: string },
  seen: Partial<Pick<HostSighting, 'names' | 'mac' | 'macVendor' | 'os'>>,
): void {
  const before = draft.hosts.get(event.address);
  draft.hosts.set(event.address, {
    address: event.address,
    sliceId,
    names: mergeNames(before?.names ?? [], seen.names ?? []),
    mac: seen.mac ?? before?.mac ?? null,
    macVendor:
      seen.mac && seen.mac !== before?.mac ? (seen.macVendor ?? null) : (seen.macVendor ?? before?.macVendor ?? null),
    os: weightiest(before?.os ?? null, seen.os ?? null),
    firstAt: before && before.firstAt < event.time ? before.firstAt : event.time,
    lastAt: before && before.lastAt > event.time ? before.lastAt : event.time,
  });
}

function hintedOs(event: EngineEventOf<'service'>): SightedOs | null {
  return event.os ? { name: osName(event.os), confidence: null, evidence: null } : null;
}

/** The later one, but a hint never replaces what was judged. */
function weightiest(before: SightedOs | null, seen: SightedOs | null): SightedOs | null {
  return seen === null || (seen.confidence === null && before !== null && before.confidence !== null) ? before : seen;
}

function addHostUnits(draft: Draft, sliceId: number, event: EngineEventOf<'host'>, phases: readonly Phase[]): void {
  for (const phase of phases) {
    const key = unitKey({ phase, subject: event.address });
    if (draft.units.has(key)) continue;
    draft.units.set(key, {
      sliceId,
      phase,
      subject: event.address,
      address: event.address,
      state: 'pending',
      reason: null,
      detail: null,
      counts: {},
      coverage: null,
      probes: null,
      at: event.time,
    });
  }
}
