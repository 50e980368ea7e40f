/**
 * The one error class of the project. Expected outcomes (a closed port, a silent host) are results, not errors.
 *
 * - `user`: somebody asked for something impossible; the message names the thing, the reason and the way out.
 * - `operational`: the world misbehaved (network, disk, peer); usually `retryable`.
 * - `bug`: we did.
 */
export type ErrorKind = 'user' | 'operational' | 'bug';

export interface PicketErrorInit {
  /** Stable, dotted, lower case: `plan.target-invalid`. Never reused for another meaning. */
  readonly code: string;
  readonly kind: ErrorKind;
  readonly message: string;
  /** What the reader can do about it, as a sentence. */
  readonly hint?: string;
  readonly retryable?: boolean;
  readonly cause?: unknown;
  /** Machine-readable particulars. Never secrets. */
  readonly details?: Readonly<Record<string, unknown>>;
}

export class PicketError extends Error {
  override readonly name = 'PicketError';
  readonly code: string;
  readonly kind: ErrorKind;
  readonly hint: string | undefined;
  readonly retryable: boolean;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(init: PicketErrorInit) {
    super(init.message, init.cause === undefined ? undefined : { cause: init.cause });
    this.code = init.code;
    this.kind = init.kind;
    this.hint = init.hint;
    this.retryable = init.retryable ?? false;
    this.details = init.details ?? {};
  }
}

/** A user error: the caller's input was refused. */
export function userError(code: string, message: string, hint?: string): PicketError {
  return new PicketError({ code, kind: 'user', message, ...(hint === undefined ? {} : { hint }) });
}

/** The text of anything thrown, for logs: never a stack, never more than 500 characters. */
export function describeError(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.length > 500 ? `${text.slice(0, 497)}...` : text;
}
