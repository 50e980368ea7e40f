import type { NotificationEvent } from '@picket/contracts/api/notification';

type Critical = Extract<NotificationEvent, { kind: 'detection.critical' }>;

/** How many detections a digest names; the rest is counted. */
const named = 20;

/** Many reports of critical detections as one; a detection that was reported twice counts once. */
export function digest(events: readonly Critical[]): Critical | null {
  const known = new Map(events.flatMap((event) => event.detections).map((one) => [one.detectionId, one]));
  const unnamed = events.reduce((sum, event) => sum + Math.max(0, event.count - event.detections.length), 0);
  if (known.size === 0) return null;
  const detections = [...known.values()].sort((a, b) => a.detectionId - b.detectionId);
  return { kind: 'detection.critical', count: known.size + unnamed, detections: detections.slice(0, named) };
}
