import { describeError, PicketError } from '@picket/base/error';

/** The text of an error for the person at the terminal. */
export function explain(error: unknown): string {
  if (!(error instanceof PicketError)) return describeError(error);
  return error.hint === undefined ? error.message : `${error.message} ${error.hint}`;
}

/** 2: it can't be started as asked. 1: it could not go on. */
export function exitCodeOf(error: unknown): 1 | 2 {
  return error instanceof PicketError && error.kind === 'user' ? 2 : 1;
}

/** Exit code that asks the launcher to start the version of the software that was made ready. */
export const restartForUpdate = 75;

/** Exit code that asks whoever started the appliance to start it in the part of the network that management has now. */
export const restartForNetwork = 76;
