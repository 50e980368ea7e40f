import type { CheckFailure } from '../check-failure.ts';

/**
 * Why a call of a script gave nothing; thrown and caught inside the modules of scripts only. `failure` is there when the question was not
 * answered, so that a check that finds nothing has not passed; null when the service did answer, and the answer is no.
 */
export class ScriptFault extends Error {
  readonly failure: CheckFailure | null;

  constructor(message: string, failure: CheckFailure | null) {
    super(message);
    this.failure = failure;
  }
}

/** The service answered, and it was a refusal: a wrong password, an unknown name. */
export function refusal(message: string): ScriptFault {
  return new ScriptFault(message, null);
}

/** The service answered that it does not deal with anybody now: too many clients, starting, shutting down. It says nothing of the question. */
export function notNow(message: string): ScriptFault {
  return new ScriptFault(message, { reason: 'connection-failed', detail: message.slice(0, 200) });
}

/** The service answered something that is not its protocol. */
export function foreignAnswer(protocol: string): ScriptFault {
  const detail = `the answer is no ${protocol}`;
  return new ScriptFault(detail, { reason: 'connection-failed', detail });
}

/** The script asked for something that does not exist or is out of bounds. */
export function misuse(message: string): ScriptFault {
  return new ScriptFault(message, { reason: 'check-unsupported', detail: message });
}
