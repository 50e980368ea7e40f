import type { EngineEventOf } from '@picket/contracts/event';
import { applianceLimits } from '@picket/contracts/protocol';
import { compressPorts } from '@picket/plan/port-set';
import type { PortCoverage } from './probe-stages.ts';

type Coverage = NonNullable<EngineEventOf<'unit'>['coverage']>;

/** Longest list that an event may carry (`contracts/event`), characters; all of one byte. */
const listLimit = 32_768;
/** All lists of one event together: an event has to fit the wire, with the rest of it and the envelope. */
const eventLimit = applianceLimits.eventBytes - 8192;
const lists = ['tested', 'closed', 'filtered'] as const;

/**
 * Coverage as it travels. Lists that are too long together share the room: short ones stay whole, long ones are cut at an
 * item. A host so torn is rare (thousands of runs of ports); what is missing then counts as not tested, never as closed.
 */
export function coverageText(coverage: readonly PortCoverage[]): Coverage {
  const texts = coverage.map((each) => lists.map((name) => compressPorts(each[name])));
  const limit = shareOf(texts.flat().map((text) => text.length));
  return coverage.map(({ protocol }, index) => {
    const [tested = '', closed = '', filtered = ''] = (texts[index] ?? []).map((text) => bounded(text, limit));
    return { protocol, tested, closed, filtered };
  });
}

/** The limit for each list with which all of them fit, as large as can be. */
function shareOf(lengths: readonly number[]): number {
  let room = eventLimit;
  const rising = [...lengths].sort((a, b) => a - b);
  for (const [index, length] of rising.entries()) {
    const share = Math.floor(room / (rising.length - index));
    if (length > share) return Math.min(listLimit, share);
    room -= length;
  }
  return listLimit;
}

function bounded(text: string, limit: number): string {
  return text.length <= limit ? text : text.slice(0, text.lastIndexOf(',', limit));
}
