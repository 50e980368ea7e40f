import type { DetectionStatusColumn } from '../../../storage/tables/asset.ts';

/** What a scan said about one detection. */
export type Sighting = 'found' | 'passed' | 'port-closed';

/** State machine of a detection, whole. Only a test that ran and passed, or a port that is really closed, ends one. */
export const detectionTransitions: Readonly<
  Record<DetectionStatusColumn, Readonly<Record<Sighting, DetectionStatusColumn>>>
> = {
  new: { found: 'active', passed: 'fixed', 'port-closed': 'fixed' },
  active: { found: 'active', passed: 'fixed', 'port-closed': 'fixed' },
  reopened: { found: 'active', passed: 'fixed', 'port-closed': 'fixed' },
  fixed: { found: 'reopened', passed: 'fixed', 'port-closed': 'fixed' },
};

/** The part of a detection that decisions read. Times in milliseconds since the epoch. */
export interface DetectionState {
  readonly status: DetectionStatusColumn;
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly lastTested: number;
  readonly fixedAt: number | null;
  readonly timesFound: number;
  readonly notEvaluable: string | null;
  /** The scan that spoke of it last. */
  readonly scanId: number | null;
}

/** Which scan says it, and when it was tested. */
export interface Moment {
  readonly scanId: number;
  readonly at: number;
}

/** A detection that was never seen before. */
export function firstSighting(moment: Moment): DetectionState {
  return {
    status: 'new',
    firstSeen: moment.at,
    lastSeen: moment.at,
    lastTested: moment.at,
    fixedAt: null,
    timesFound: 1,
    notEvaluable: null,
    scanId: moment.scanId,
  };
}

/** An older scan's late events, and older events of the same scan, do not undo what is known. */
export function isStale(state: DetectionState, moment: Moment): boolean {
  if (state.scanId === null || moment.scanId > state.scanId) return false;
  return moment.scanId < state.scanId || moment.at < state.lastTested;
}

/** The state after a sighting; the same object when nothing changes. Seen twice in one scan is one sighting. */
export function afterSighting(state: DetectionState, sighting: Sighting, moment: Moment): DetectionState {
  if (isStale(state, moment)) return state;
  const sameScan = state.scanId === moment.scanId;
  const tested = { ...state, lastTested: moment.at, notEvaluable: null, scanId: moment.scanId };
  const status = detectionTransitions[state.status][sighting];
  if (sighting !== 'found') return { ...tested, status, fixedAt: state.fixedAt ?? moment.at };
  const again = { ...tested, lastSeen: Math.max(state.lastSeen, moment.at), fixedAt: null };
  if (sameScan && state.status !== 'fixed') return again;
  return { ...again, status, timesFound: state.timesFound + 1 };
}

/** A newer scan could not test it: it stays what it was, and says why nobody knows. */
export function afterNotEvaluable(state: DetectionState, reason: string, moment: Moment): DetectionState {
  if (state.status === 'fixed' || isStale(state, moment) || state.scanId === moment.scanId) return state;
  return state.notEvaluable === reason ? state : { ...state, notEvaluable: reason };
}
