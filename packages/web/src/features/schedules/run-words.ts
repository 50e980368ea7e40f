import type { MissedReason, ScheduleRun } from '@picket/contracts/api/schedule';

/** Why a run was missed, and the way out. */
export const missedWords: Readonly<Record<MissedReason, { readonly why: string; readonly remedy: string }>> = {
  'platform-down': {
    why: 'the platform did not run',
    remedy: 'It is made up once when it is late by less than the schedule allows.',
  },
  'previous-still-running': {
    why: 'the run before had not ended',
    remedy: 'Let it run less often, or begin afterwards.',
  },
  'no-appliance': { why: 'no appliance could take it', remedy: 'Connect an appliance of this network.' },
  'owner-disabled': { why: 'the account of its owner is disabled', remedy: 'Let somebody else make the schedule.' },
  'owner-may-not': { why: 'its owner may not scan this any more', remedy: 'Let somebody who may make the schedule.' },
  refused: { why: 'the platform refused it', remedy: 'Mend what the reason names.' },
  failed: { why: 'it could not be launched', remedy: 'See the log of the platform.' },
};

/** The outcome of a run in a word or two. */
export function outcomeText(run: ScheduleRun): string {
  switch (run.outcome) {
    case 'starting':
      return 'Starting';
    case 'waiting':
      return 'Waits for the run before';
    case 'launched':
      return 'Launched';
    case 'missed':
      return run.reason === null ? 'Missed' : `Missed: ${missedWords[run.reason].why}`;
  }
}
