import type { PollAnswer, PollRequest, PollSettings } from '@picket/contracts/poll';

/** What the answer would tell the appliance now. */
export type PollNews = 'grant' | 'change' | 'nothing';

type State = PollRequest['leases'][number]['state'];

/** True when the appliance does something else than it should. */
export function differs(reported: State, desired: PollAnswer['leases'][number]['desired']): boolean {
  switch (desired) {
    case 'run':
      return reported === 'paused';
    case 'pause':
      return reported === 'running';
    case 'stop':
      return reported !== 'ending';
  }
}

/**
 * Whether a held poll has a reason to be answered before its time. `states`: what the appliance last said of its leases, in whichever
 * poll: one that is held may be older than a lease that it does not name, or than a pause that a poll beside it told of.
 */
export function pollNews(states: ReadonlyMap<string, State>, answer: Pick<PollAnswer, 'leases' | 'granted'>): PollNews {
  if (answer.granted.length > 0) return 'grant';
  const changed = answer.leases.some((lease) => {
    const state = states.get(lease.leaseId);
    return state !== undefined && differs(state, lease.desired);
  });
  return changed ? 'change' : 'nothing';
}

/** Whether there are settings that the appliance does not have yet. */
export function hasNewSettings(known: PollSettings, now: PollAnswer['settings']): boolean {
  const same = known.name === now.name && known.pollIntervalSeconds === now.pollIntervalSeconds;
  return !same || now.scanNetwork !== undefined;
}
