import { PicketError } from '@picket/base/error';

/** Faults of single fields, as in the problem's `errors`. */
export interface FieldFault {
  readonly field: string;
  /** Which item of a list, as written. */
  readonly item?: string;
  readonly message: string;
}

export interface Refusal {
  /** HTTP status: 400 to 499, or 507 where the platform has no room for what was sent. */
  readonly status: number;
  readonly code: string;
  /** Names the thing and the reason. */
  readonly message: string;
  /** The way out. */
  readonly hint?: string;
  readonly errors?: readonly FieldFault[];
  /** Seconds, for 429. */
  readonly retryAfterSeconds?: number;
  /** What the system said, for the log. */
  readonly cause?: unknown;
}

/** A user error that the API answers with this status. Throw it anywhere below a route. */
export function refuse(refusal: Refusal): PicketError {
  const { status, code, message, hint, errors, retryAfterSeconds, cause } = refusal;
  return new PicketError({
    code,
    kind: 'user',
    message,
    retryable: status === 429,
    ...(hint === undefined ? {} : { hint }),
    ...(cause === undefined ? {} : { cause }),
    details: {
      status,
      ...(errors === undefined ? {} : { errors }),
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    },
  });
}

/** 404 for a thing that is not there, or not within the caller's scope: the same answer for both. */
export function notFound(what: string, id: number | string): PicketError {
  return refuse({
    status: 404,
    code: `${what}.not-found`,
    message: `There is no ${what} ${id}.`,
    hint: 'It may have been deleted. Go back to the list.',
  });
}
