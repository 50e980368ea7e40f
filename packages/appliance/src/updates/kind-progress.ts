import type { KindReport, UpdateState, WantedBundle } from '@picket/contracts/updates';
import { nextUpdateState, type UpdateEvent } from './update-machine.ts';
import type { BadRelease } from './update-record.ts';

/** Where one kind stands, as the platform is told. */
export interface KindProgress {
  readonly inUse: string;
  readonly state: UpdateState;
  /** What the state is about, and what the platform offered last. */
  readonly subject: Pick<WantedBundle, 'version' | 'sha256' | 'now'> | null;
  readonly percent: number;
  readonly failure: { readonly code: string; readonly detail: string } | null;
}

export function idleProgress(inUse: string): KindProgress {
  return { inUse, state: 'idle', subject: null, percent: 0, failure: null };
}

/** After an event of the machine; a failure is told until the next one is wanted. */
export function moved(
  progress: KindProgress,
  event: UpdateEvent,
  failure: KindProgress['failure'] = null,
): KindProgress {
  return { ...progress, state: nextUpdateState(progress.state, event), percent: 0, failure };
}

/** A release that failed here before. */
export function failedBefore(inUse: string, bad: BadRelease): KindProgress {
  const { version, sha256, now, outcome, code, detail } = bad;
  return { inUse, state: outcome, subject: { version, sha256, now }, percent: 0, failure: { code, detail } };
}

export function kindReportOf({ inUse, state, subject, percent, failure }: KindProgress): KindReport {
  return {
    inUse: inUse.slice(0, 64),
    state,
    ...(subject === null ? {} : { version: subject.version, now: subject.now }),
    // A record of before there were hashes, or damaged.
    ...(subject !== null && /^[0-9a-f]{64}$/.test(subject.sha256) ? { sha256: subject.sha256 } : {}),
    ...(state === 'downloading' ? { percent } : {}),
    ...(failure === null ? {} : { code: failure.code.slice(0, 64), detail: failure.detail.slice(0, 512) }),
  };
}
