import type { ScanStatus } from '@picket/contracts/api/scan';

/**
 * What can happen to a job. `granted`: an appliance holds a slice and works on it. `settled`: no appliance works on it
 * any more. `done` / `failed`: every slice ended, with or without anything evaluated. `shut`: its window ended, and nobody holds a slice.
 */
export const scanEvents = ['granted', 'pause', 'resume', 'cancel', 'settled', 'done', 'failed', 'shut'] as const;
export type ScanEvent = (typeof scanEvents)[number];
/** What a person can ask for. */
export type ScanAction = Extract<ScanEvent, 'pause' | 'resume' | 'cancel'>;

/** The state machine of a job, whole: what is not listed is impossible. */
export const scanTransitions: Readonly<Record<ScanStatus, Readonly<Partial<Record<ScanEvent, ScanStatus>>>>> = {
  queued: { granted: 'running', pause: 'pausing', cancel: 'canceling', done: 'finished', failed: 'error' },
  running: {
    granted: 'running',
    pause: 'pausing',
    cancel: 'canceling',
    done: 'finished',
    failed: 'error',
    shut: 'queued',
  },
  pausing: { settled: 'paused', resume: 'queued', cancel: 'canceling', done: 'finished', failed: 'error' },
  paused: { resume: 'queued', cancel: 'canceling', done: 'finished', failed: 'error' },
  canceling: { settled: 'canceled', done: 'canceled', failed: 'canceled' },
  canceled: {},
  finished: {},
  error: {},
};

/** The status after the event, or null when it can't happen in this one. */
export function nextScanStatus(status: ScanStatus, event: ScanEvent): ScanStatus | null {
  return scanTransitions[status][event] ?? null;
}

/** Ended for good: only then can a job be deleted. */
export function isEnded(status: ScanStatus): boolean {
  return Object.keys(scanTransitions[status]).length === 0;
}

/** Actions that are possible now, for the refusal of one that is not. */
export function possibleActions(status: ScanStatus): readonly (ScanAction | 'delete')[] {
  const actions = (['pause', 'resume', 'cancel'] as const).filter((action) => nextScanStatus(status, action) !== null);
  return isEnded(status) ? ['delete'] : actions;
}

/** What an appliance that holds a slice of the job should be doing. */
export function desiredOf(status: ScanStatus): 'run' | 'pause' | 'stop' {
  switch (status) {
    case 'queued':
    case 'running':
      return 'run';
    case 'pausing':
    case 'paused':
      return 'pause';
    case 'canceling':
    case 'canceled':
    case 'finished':
    case 'error':
      return 'stop';
  }
}
