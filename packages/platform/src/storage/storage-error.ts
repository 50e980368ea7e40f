import { PicketError } from '@picket/base/error';

/** What is kept of an error of the database: PGlite's stacks hold minified source, and details can hold row contents. */
export interface RawDatabaseError {
  readonly message: string;
  /** SQLSTATE (PostgreSQL appendix A) or a Node.js system error code; '' when there is none. */
  readonly code: string;
  readonly constraint: string | null;
}

/** The fields of anything that a driver threw; total. */
export function rawDatabaseError(error: unknown): RawDatabaseError {
  const message = error instanceof Error ? error.message : String(error);
  const field = (name: string): string => {
    const value: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;
    return typeof value === 'string' ? value : '';
  };
  return { message: message.slice(0, 500), code: field('code'), constraint: field('constraint') || null };
}

const unavailableStates = new Set(['57P01', '57P02', '57P03', '57P05', '53300', '25P03']);
const unavailableSystemCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOENT',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ECONNABORTED',
]);
const unavailableMessage = /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered)/;

/** The connection was lost or could not be had: asking again later can help. */
export function isUnavailable(raw: RawDatabaseError): boolean {
  return (
    raw.code.startsWith('08') ||
    unavailableStates.has(raw.code) ||
    unavailableSystemCodes.has(raw.code) ||
    unavailableMessage.test(raw.message)
  );
}

/**
 * The error that storage throws for everything a driver throws: `storage.unavailable` (operational, retryable: the API
 * answers 503 with Retry-After), `storage.conflict` (retried by `Database.transaction`), else `storage.query-failed`.
 */
export function storageError(error: unknown): PicketError {
  if (error instanceof PicketError) return error;
  const raw = rawDatabaseError(error);
  const details = { sqlState: raw.code, constraint: raw.constraint };
  if (isUnavailable(raw)) return unavailable(raw.message, details);
  if (raw.code === '40001' || raw.code === '40P01') {
    return new PicketError({
      code: 'storage.conflict',
      kind: 'operational',
      retryable: true,
      message: `Two changes met in the database: ${raw.message}`,
      details,
    });
  }
  return new PicketError({
    code: 'storage.query-failed',
    kind: 'bug',
    message: raw.code === '' ? raw.message : `${raw.message} (SQLSTATE ${raw.code})`,
    details,
  });
}

/** The database can't be reached now. */
export function unavailable(reason: string, details: Readonly<Record<string, unknown>> = {}): PicketError {
  return new PicketError({
    code: 'storage.unavailable',
    kind: 'operational',
    retryable: true,
    message: `The database cannot be reached: ${reason}`,
    hint: 'Try again in a few seconds. If it lasts, check that the database server runs and that DATABASE_URL names it.',
    details,
  });
}

/** SQLSTATE of an error that storage threw, or null. */
export function sqlStateOf(error: unknown): string | null {
  if (!(error instanceof PicketError)) return null;
  const state = error.details.sqlState;
  return typeof state === 'string' && state !== '' ? state : null;
}

/** A unique constraint or index (by name, or any) refused the row. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  if (sqlStateOf(error) !== '23505' || !(error instanceof PicketError)) return false;
  return constraint === undefined || error.details.constraint === constraint;
}

/** A foreign key refused the change. */
export function isForeignKeyViolation(error: unknown): boolean {
  return sqlStateOf(error) === '23503';
}
