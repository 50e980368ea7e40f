import { ownValue } from '@picket/base/own-value';
import type { DialFailure, DialFailureKind } from '@picket/base/dialer';
import { describeError } from '@picket/base/error';

/** What an errno says about the target (or about us). A reset in SYN_SENT is ECONNREFUSED, so ECONNRESET means that it had accepted. */
const kinds: Readonly<Record<string, DialFailureKind>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  ETIMEDOUT: 'timeout',
  EMFILE: 'local',
  ENFILE: 'local',
  ENOBUFS: 'local',
  ENOMEM: 'local',
  EAGAIN: 'local',
  EADDRNOTAVAIL: 'local',
  EADDRINUSE: 'local',
};

/** The errno of a Node error, or null. */
export function errnoOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}

/** Everything that is not in the table (EHOSTUNREACH, ENETUNREACH, EACCES, …) means that there is no way to the target. */
export function dialFailure(error: unknown): DialFailure {
  const errno = errnoOf(error);
  return { kind: (errno && ownValue(kinds, errno)) || 'unreachable', detail: errno ?? describeError(error) };
}
