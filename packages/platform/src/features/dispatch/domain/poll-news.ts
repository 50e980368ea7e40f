import type { PollAnswer, PollRequest } from '@picket/contracts/poll';

/** What the answer would tell the appliance now. */
export type PollNews = 'grant' | 'change' | 'nothing';

/** True when the appliance does something else than it should. */
function differs(
  reported: PollRequest['leases'][number]['state'],
  desired: PollAnswer['leases'][number]['desired'],
): boolean {
  switch (desired) {
    case 'run':
      return reported === 'paused';
    case 'pause':
      return reported === 'running';
    case 'stop':
      return reported !== 'ending';
  }
}

/** Whether a held poll has a reason to be answered before its time. */
export function pollNews(
  request: Pick<PollRequest, 'leases'>,
  answer: Pick<PollAnswer, 'leases' | 'granted'>,
): PollNews {
  if (answer.granted.length > 0) return 'grant';
  const reported = new Map(request.leases.map((lease) => [lease.leaseId, lease.state]));
  const changed = answer.leases.some((lease) => {
    const state = reported.get(lease.leaseId);
    return state !== undefined && differs(state, lease.desired);
  });
  return changed ? 'change' : 'nothing';
}
