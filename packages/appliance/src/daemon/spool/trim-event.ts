import type { SpooledEvent } from '@picket/contracts/event';

/**
 * The same event without its raw evidence, marked as trimmed; null when there is nothing to trim. What a finding says and rests on (check, place,
 * matcher, extracted values) stays: only the exchange that shows it goes.
 */
export function trimEvent(spooled: SpooledEvent): SpooledEvent | null {
  const { event } = spooled;
  if (event.type === 'finding') {
    const { request, response, ...kept } = event.evidence;
    if (request === undefined && response === undefined) return null;
    return { ...spooled, event: { ...event, evidence: { ...kept, trimmed: true } } };
  }
  if (event.type === 'service' && event.evidence !== undefined && event.evidence.excerpt !== '') {
    return { ...spooled, event: { ...event, evidence: { probe: event.evidence.probe, excerpt: '', trimmed: true } } };
  }
  return null;
}
