import type { EngineEventOf } from '@picket/contracts/event';
import { compressPorts } from '@picket/plan/port-set';
import type { PortCoverage } from './probe-stages.ts';

/** Longest list that an event may carry (`contracts/event`), characters. */
const textLimit = 32_768;

/** Coverage as it travels. A list that is too long is cut at an item: what is missing then counts as not tested, never as closed. */
export function coverageText(coverage: readonly PortCoverage[]): NonNullable<EngineEventOf<'unit'>['coverage']> {
  return coverage.map(({ protocol, tested, closed, filtered }) => ({
    protocol,
    tested: bounded(compressPorts(tested)),
    closed: bounded(compressPorts(closed)),
    filtered: bounded(compressPorts(filtered)),
  }));
}

function bounded(text: string): string {
  return text.length <= textLimit ? text : text.slice(0, text.lastIndexOf(',', textLimit));
}
