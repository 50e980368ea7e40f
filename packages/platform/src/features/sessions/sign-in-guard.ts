import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { PlatformContext } from '../../server/context.ts';
import { refuse } from '../../server/http-error.ts';
import type { Schema } from '../../storage/schema.ts';
import {
  type Bucket,
  countAttempt,
  forgetAfterMs,
  knownForMs,
  type LockRule,
  loginRule,
  pairRule,
} from './domain/lock-out.ts';

type Parts = Pick<PlatformContext, 'database' | 'clock'>;

/** Who tries to sign in from where; a login that nobody has counts like any other. */
export interface Attempted {
  readonly login: string;
  readonly address: string;
}

/** Address of the row that counts a login's failures from everywhere. */
const everywhere = '';

/**
 * Counts the attempt as a failure, or refuses it with the time to wait, before anything is looked at: so attempts at the same
 * time can't slip through together, and the answer is the same whether the login exists. Returns the seconds that the next
 * attempt has to wait if this one fails.
 */
export async function takeSignIn({ database, clock }: Parts, attempted: Attempted): Promise<number> {
  const login_hash = hashOf(attempted.login.toLowerCase());
  const address_hash = hashOf(attempted.address);
  const now = clock.now();
  const outcome = await database.transaction(async (trx) => {
    const pair = await lockRow(trx, login_hash, address_hash);
    const known = pair.known_until !== null && pair.known_until.getTime() > now;
    const rows: readonly [Row, LockRule][] = known
      ? [[pair, pairRule]]
      : [
          [pair, pairRule],
          [await lockRow(trx, login_hash, everywhere), loginRule],
        ];
    const counted = rows.map(([row, rule]) => ({ row, attempt: countAttempt(bucketOf(row), rule, now) }));
    const until = Math.max(...counted.map(({ attempt }) => (attempt.locked ? attempt.until : 0)));
    if (until > 0) return { until, waits: 0 };
    for (const { row, attempt } of counted) if (!attempt.locked) await storeBucket(trx, row, attempt.bucket);
    const locks = counted.map(({ attempt }) => (attempt.locked ? 0 : (attempt.bucket.lockedUntil ?? now) - now));
    return { until: 0, waits: Math.max(...locks) / 1000 };
  });
  if (outcome.until > 0) throw held(Math.max(1, Math.ceil((outcome.until - now) / 1000)));
  return outcome.waits;
}

/** The attempt was right: what was counted from this address is forgotten, and the address is known from now on. */
export async function signInSucceeded({ clock }: Parts, trx: Kysely<Schema>, attempted: Attempted): Promise<void> {
  await trx
    .updateTable('sign_in_guard')
    .set({ failures: 0, locked_until: null, known_until: new Date(clock.now() + knownForMs) })
    .where('login_hash', '=', hashOf(attempted.login.toLowerCase()))
    .where('address_hash', '=', hashOf(attempted.address))
    .execute();
  await uncount(trx, attempted, everywhere);
}

/** The attempt was neither right nor wrong: the password was, and a code is still missing. */
export async function signInUndecided(db: Kysely<Schema>, attempted: Attempted): Promise<void> {
  await uncount(db, attempted, hashOf(attempted.address));
  await uncount(db, attempted, everywhere);
}

async function uncount(db: Kysely<Schema>, attempted: Attempted, addressHash: string): Promise<void> {
  await db
    .updateTable('sign_in_guard')
    .set((eb) => ({ failures: eb('failures', '-', 1), locked_until: null }))
    .where('login_hash', '=', hashOf(attempted.login.toLowerCase()))
    .where('address_hash', '=', addressHash)
    .where('failures', '>', 0)
    .execute();
}

/** What holds a login back, over all addresses. */
export async function readLock(
  { database, clock }: Parts,
  login: string,
): Promise<{ readonly failures: number; readonly lockedUntil: Date | null }> {
  const rows = await database.db
    .selectFrom('sign_in_guard')
    .select(['failures', 'locked_until'])
    .where('login_hash', '=', hashOf(login.toLowerCase()))
    .where('last_failure_at', '>', new Date(clock.now() - forgetAfterMs))
    .execute();
  const locks = rows.flatMap((row) => (row.locked_until === null ? [] : [row.locked_until.getTime()]));
  const latest = Math.max(0, ...locks);
  return {
    failures: Math.max(0, ...rows.map((row) => row.failures)),
    lockedUntil: latest > clock.now() ? new Date(latest) : null,
  };
}

/** Forgets the failures of a login; known addresses stay known. */
export async function unlock(trx: Kysely<Schema>, login: string): Promise<void> {
  await trx
    .updateTable('sign_in_guard')
    .set({ failures: 0, locked_until: null })
    .where('login_hash', '=', hashOf(login.toLowerCase()))
    .execute();
}

/** Drops rows that count nothing any more. */
export async function dropOldGuards(db: Kysely<Schema>, now: number): Promise<void> {
  await db
    .deleteFrom('sign_in_guard')
    .where('last_failure_at', '<', new Date(now - forgetAfterMs))
    .where((eb) => eb.or([eb('known_until', 'is', null), eb('known_until', '<', new Date(now))]))
    .execute();
}

type Row = Awaited<ReturnType<typeof lockRow>>;

/** The row, made if it is not there, locked until the transaction ends. */
async function lockRow(trx: Kysely<Schema>, login_hash: string, address_hash: string) {
  await trx
    .insertInto('sign_in_guard')
    .values({ login_hash, address_hash, failures: 0 })
    .onConflict((conflict) => conflict.columns(['login_hash', 'address_hash']).doNothing())
    .execute();
  return trx
    .selectFrom('sign_in_guard')
    .selectAll()
    .where('login_hash', '=', login_hash)
    .where('address_hash', '=', address_hash)
    .forUpdate()
    .executeTakeFirstOrThrow();
}

async function storeBucket(trx: Kysely<Schema>, row: Row, bucket: Bucket): Promise<void> {
  await trx
    .updateTable('sign_in_guard')
    .set({
      failures: bucket.failures,
      last_failure_at: dateOf(bucket.lastFailureAt),
      locked_until: dateOf(bucket.lockedUntil),
    })
    .where('login_hash', '=', row.login_hash)
    .where('address_hash', '=', row.address_hash)
    .execute();
}

function bucketOf(row: Row): Bucket {
  return {
    failures: row.failures,
    lastFailureAt: row.last_failure_at?.getTime() ?? null,
    lockedUntil: row.locked_until?.getTime() ?? null,
  };
}

function dateOf(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms);
}

function hashOf(text: string): string {
  return createHash('sha256').update(text.trim()).digest('base64url');
}

function held(retryAfterSeconds: number) {
  return refuse({
    status: 429,
    code: 'session.locked',
    message: 'After several failed attempts this login has to wait.',
    hint: `Try again in ${retryAfterSeconds} seconds. A Manager can end the wait.`,
    retryAfterSeconds,
  });
}
