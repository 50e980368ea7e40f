import { type Severity, severities } from '@picket/contracts/primitive';
import { afterNotEvaluable, afterSighting, type DetectionState, firstSighting, type Moment } from './detection-life.ts';
import type { Observation } from './fold-types.ts';

/** Where a detection sits: protocol '' and port 0 stand for the host as a whole. */
export interface DetectionPlace {
  readonly assetId: number;
  readonly checkId: string;
  readonly protocol: string;
  readonly port: number;
  readonly instance: string;
}

/** What a finding says besides its place. */
export interface DetectionContent {
  readonly name: string;
  readonly severity: Severity;
  readonly severityRank: number;
  readonly proof: string;
  readonly evidence: unknown;
  readonly contentVersion: string;
}

export interface KnownDetection {
  readonly id: number;
  readonly place: DetectionPlace;
  readonly state: DetectionState;
}

export interface ChangedDetection {
  /** Null for a new one. */
  readonly id: number | null;
  readonly place: DetectionPlace;
  readonly state: DetectionState;
  /** Null when only the state changed. */
  readonly content: DetectionContent | null;
  /** Status steps for the history, in order. */
  readonly steps: readonly { readonly from: string | null; readonly to: string; readonly at: number }[];
}

interface Working {
  readonly id: number | null;
  readonly place: DetectionPlace;
  state: DetectionState;
  content: DetectionContent | null;
  readonly steps: { from: string | null; to: string; at: number }[];
  readonly before: DetectionState | null;
}

/** Applies what a scan said, in order, to the detections of its hosts; answers with those that changed. Pure. */
export function foldDetections(
  known: readonly KnownDetection[],
  observations: readonly Observation[],
  assetIds: ReadonlyMap<string, number>,
  scanId: number,
): readonly ChangedDetection[] {
  const byAsset = new Map<number, Map<string, Working>>();
  for (const { id, place, state } of known) {
    hold(byAsset, { id, place, state, content: null, steps: [], before: state });
  }
  for (const observation of observations) {
    const address = 'event' in observation ? observation.event.address : observation.address;
    const assetId = assetIds.get(address);
    if (assetId !== undefined) apply(byAsset, assetId, observation, { scanId, at: observation.at });
  }
  return [...byAsset.values()].flatMap((held) => [...held.values()].filter((one) => one.state !== one.before));
}

function hold(byAsset: Map<number, Map<string, Working>>, one: Working): void {
  const held = byAsset.get(one.place.assetId) ?? new Map<string, Working>();
  byAsset.set(one.place.assetId, held);
  held.set(placeKey(one.place), one);
}

function placeKey(place: Omit<DetectionPlace, 'assetId'>): string {
  return `${place.protocol}|${place.port}|${place.checkId}|${place.instance}`;
}

function apply(
  byAsset: Map<number, Map<string, Working>>,
  assetId: number,
  observation: Observation,
  moment: Moment,
): void {
  const held = byAsset.get(assetId);
  switch (observation.kind) {
    case 'found':
      return applyFinding(byAsset, assetId, observation.event, moment);
    case 'checked': {
      const { event } = observation;
      const place = { protocol: event.protocol ?? '', port: event.port ?? 0 };
      const passed = new Set(event.passed);
      const unknown = new Map(event.notEvaluable.map((entry) => [entry.check, entry.reason]));
      return each(held, (one) => {
        if (one.place.protocol !== place.protocol || one.place.port !== place.port) return;
        if (passed.has(one.place.checkId)) move(one, afterSighting(one.state, 'passed', moment), moment);
        const reason = unknown.get(one.place.checkId);
        if (reason !== undefined) move(one, afterNotEvaluable(one.state, reason, moment), moment);
      });
    }
    case 'closed':
      return each(held, (one) => {
        if (one.place.protocol !== observation.protocol || !observation.ports.has(one.place.port)) return;
        move(one, afterSighting(one.state, 'port-closed', moment), moment);
      });
    case 'filtered':
      return each(held, (one) => {
        if (one.place.protocol !== observation.protocol || !observation.ports.has(one.place.port)) return;
        move(one, afterNotEvaluable(one.state, 'filtered', moment), moment);
      });
    case 'unknown':
      return each(held, (one) => move(one, afterNotEvaluable(one.state, observation.reason, moment), moment));
    case 'checks-done':
      return closeMissingInstances(held, moment);
  }
}

function each(held: ReadonlyMap<string, Working> | undefined, visit: (one: Working) => void): void {
  for (const one of held?.values() ?? []) visit(one);
}

function move(one: Working, next: DetectionState, moment: Moment): void {
  if (next === one.state) return;
  if (next.status !== one.state.status) one.steps.push({ from: one.state.status, to: next.status, at: moment.at });
  one.state = next;
}

function applyFinding(
  byAsset: Map<number, Map<string, Working>>,
  assetId: number,
  event: Extract<Observation, { kind: 'found' }>['event'],
  moment: Moment,
): void {
  const place = {
    assetId,
    checkId: event.check,
    protocol: event.protocol ?? '',
    port: event.port ?? 0,
    instance: event.instance,
  };
  const content: DetectionContent = {
    name: event.name,
    severity: event.severity,
    severityRank: severities.indexOf(event.severity) + 1,
    proof: event.proof,
    evidence: event.evidence,
    contentVersion: event.contentVersion,
  };
  const one = byAsset.get(assetId)?.get(placeKey(place));
  if (!one) {
    const state = firstSighting(moment);
    const steps = [{ from: null, to: state.status, at: moment.at }];
    return hold(byAsset, { id: null, place, state, content, steps, before: null });
  }
  const next = afterSighting(one.state, 'found', moment);
  if (next === one.state) return;
  one.content = content;
  move(one, next, moment);
}

/**
 * A check can report several instances. Where it ran in this scan and reported one, its other instances that it did not
 * report again were tested and are gone.
 */
function closeMissingInstances(held: ReadonlyMap<string, Working> | undefined, moment: Moment): void {
  const reported = new Set<string>();
  const group = (one: Working) => `${one.place.protocol}|${one.place.port}|${one.place.checkId}`;
  each(held, (one) => {
    if (one.state.scanId === moment.scanId && one.state.status !== 'fixed') reported.add(group(one));
  });
  each(held, (one) => {
    const older = one.state.scanId !== null && one.state.scanId < moment.scanId;
    if (older && one.state.status !== 'fixed' && reported.has(group(one))) {
      move(one, afterSighting(one.state, 'passed', moment), moment);
    }
  });
}
