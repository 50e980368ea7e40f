import { applianceLimits } from '@picket/contracts/protocol';

/** Times of dispatch, seconds. Tests shorten them. */
export interface DispatchSettings {
  /** How long a lease lasts after the last poll that named it. */
  readonly leaseSeconds: number;
  /** How long a job may take, from its launch. */
  readonly deadlineSeconds: number;
  /** Between two looks for expired leases. */
  readonly sweepSeconds: number;
  /** Longest hold of a poll. */
  readonly holdSeconds: number;
}

export const defaultDispatchSettings: DispatchSettings = {
  leaseSeconds: 600,
  deadlineSeconds: 86_400,
  sweepSeconds: 5,
  holdSeconds: applianceLimits.longPollSeconds,
};
