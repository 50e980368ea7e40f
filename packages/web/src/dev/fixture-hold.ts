import { type HoldState, type StopAllResult, stopAllRequest } from '@picket/contracts/api/hold';

const none: HoldState = { hold: null, waitingJobs: 0 };
let state: HoldState = none;

/** Whether "Stop all" is in force in the sample: pressed by the page, lifted by the page. */
export const sampleHold = {
  get state(): HoldState {
    return state;
  },
  change(body: unknown): HoldState | StopAllResult {
    const wanted = stopAllRequest.safeParse(body);
    if (!wanted.success) {
      state = none;
      return state;
    }
    const hold = { id: 1, ...wanted.data, placedAt: new Date().toISOString(), placedBy: 'manager', mayLift: true };
    state = { hold, waitingJobs: 1 };
    const told = { id: 1, name: 'is_headoffice', connection: 'long-poll', withinSeconds: 5 } as const;
    return { hold, stopped: [12], appliances: [told] };
  },
};
