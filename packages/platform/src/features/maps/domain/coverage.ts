import { type IpRange, parseIp, parseRange } from '@picket/base/ip';
import { contains, rangeSet } from '@picket/base/range-set';
import { notEvaluableReason } from '@picket/contracts/event';
import type { MapCoverage } from '@picket/contracts/map/difference';
import { parsePorts } from '@picket/plan/port-set';
import type { StoredPlan } from '../../../jobs/stored-plan.ts';

/** Units of a job's ledger that did not end evaluated. */
export interface OpenUnit {
  readonly phase: string;
  /** A block for discovery, else an address. */
  readonly subject: string;
  readonly state: string;
  readonly reason: string | null;
}

/** What a job looked at, from its plan and from the units that are not done. Pure. */
export function coverageOf(plan: Pick<StoredPlan, 'ranges' | 'ports'>, open: readonly OpenUnit[]): MapCoverage {
  const planned = rangeSet(plan.ranges.flatMap(rangeOf));
  const missed = open
    .filter((unit) => unit.phase === 'discovery')
    .flatMap((unit) => rangeOf(unit.subject).map((range) => ({ range: rangeSet([range]), unit })));
  const unevaluated = new Set(open.filter((unit) => unit.phase !== 'discovery').map((unit) => unit.subject));
  const tested = { tcp: portSet(plan.ports.tcp), udp: portSet(plan.ports.udp) };
  return {
    untested(text) {
      const address = parseIp(text);
      if (!address.ok || !contains(planned, address.value)) return 'not-in-targets';
      const miss = missed.find((one) => contains(one.range, address.value));
      return miss ? (notEvaluableReason.safeParse(miss.unit.reason).data ?? 'not-reached-yet') : null;
    },
    evaluated: (address) => !unevaluated.has(address),
    tests: (protocol, port) => tested[protocol].has(port),
  };
}

function rangeOf(text: string): readonly IpRange[] {
  const range = parseRange(text);
  return range.ok ? [range.value] : [];
}

function portSet(list: string): ReadonlySet<number> {
  const ports = list === '' ? null : parsePorts(list);
  return new Set(ports?.ok ? ports.value.tcp : []);
}
