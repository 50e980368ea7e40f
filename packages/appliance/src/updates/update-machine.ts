import type { UpdateState } from '@picket/contracts/updates';

/**
 * What happens to an update of one kind. `wanted`: the platform names a bundle that is not in use. `failed`: something about it is wrong and what is
 * in use stays. `dropped`: the platform does not want it any more. `gave-up`: the new version was tried and the one before is in use again.
 */
export const updateEvents = [
  'wanted',
  'downloaded',
  'verified',
  'unpacked',
  'quiet',
  'switched',
  'confirmed',
  'gave-up',
  'failed',
  'dropped',
] as const;
export type UpdateEvent = (typeof updateEvents)[number];

type Row = Partial<Readonly<Record<UpdateEvent, UpdateState>>>;

/** What can end every step before the switch. */
const beforeSwitch = { failed: 'failed', dropped: 'idle' } as const;

/** Every move; an event that a state has no entry for changes nothing. From the switch on an update is settled: kept or taken back. */
export const updateTable: Readonly<Record<UpdateState, Row>> = {
  idle: { wanted: 'downloading', failed: 'failed' },
  downloading: { downloaded: 'verifying', ...beforeSwitch },
  verifying: { verified: 'unpacking', ...beforeSwitch },
  unpacking: { unpacked: 'waiting', ...beforeSwitch },
  waiting: { quiet: 'switching', ...beforeSwitch },
  switching: { switched: 'confirming', failed: 'failed' },
  confirming: { confirmed: 'idle', 'gave-up': 'fell-back' },
  failed: { wanted: 'downloading', failed: 'failed' },
  'fell-back': { wanted: 'downloading', failed: 'failed' },
};

export function nextUpdateState(state: UpdateState, event: UpdateEvent): UpdateState {
  return updateTable[state][event] ?? state;
}

/** S2 is lit: from the download until the new version is confirmed or given up. */
export function isUpdating(state: UpdateState): boolean {
  return state !== 'idle' && state !== 'failed' && state !== 'fell-back';
}

/** No new lease is taken: from the end of the unpacking until the new version is settled. */
export function holdsWork(state: UpdateState): boolean {
  return state === 'waiting' || state === 'switching' || state === 'confirming';
}
