import { createHash } from 'node:crypto';
import type { Clock } from '@picket/base/clock';
import { type Kysely, sql } from 'kysely';
import type { Schema } from '../storage/schema.ts';
import { refuse } from './http-error.ts';

export interface RateLimit {
  /** What is limited, e.g. `sign-in:login`; goes into the key. */
  readonly name: string;
  /** Whose attempts are counted, e.g. an address. Stored as a hash. */
  readonly subject: string;
  readonly limit: number;
  readonly windowSeconds: number;
}

/**
 * Counts an attempt in a fixed window shared by all replicas, and refuses with 429 and Retry-After the ones beyond the
 * limit. Count before doing the work, so that attempts at the same time can't slip through together.
 */
export async function takeAttempt(db: Kysely<Schema>, clock: Clock, rate: RateLimit): Promise<void> {
  const width = rate.windowSeconds * 1000;
  const start = Math.floor(clock.now() / width) * width;
  const { rows } = await sql<{ hits: number }>`
    insert into rate_limit (key, window_start, hits) values (${keyOf(rate)}, ${new Date(start)}, 1)
    on conflict (key, window_start) do update set hits = rate_limit.hits + 1
    returning hits`.execute(db);
  if ((rows[0]?.hits ?? 1) <= rate.limit) return;
  const retryAfterSeconds = Math.max(1, Math.ceil((start + width - clock.now()) / 1000));
  throw refuse({
    status: 429,
    code: 'request.rate-limited',
    message: `Too many attempts: at most ${rate.limit} in ${Math.round(rate.windowSeconds / 60)} minutes.`,
    hint: `Try again in ${retryAfterSeconds} seconds.`,
    retryAfterSeconds,
  });
}

/** Forgets the attempts of a subject, once one succeeded. */
export async function clearAttempts(db: Kysely<Schema>, rate: Pick<RateLimit, 'name' | 'subject'>): Promise<void> {
  await db.deleteFrom('rate_limit').where('key', '=', keyOf(rate)).execute();
}

/** Drops windows that ended a day ago. */
export async function dropOldWindows(db: Kysely<Schema>, clock: Clock): Promise<void> {
  await db
    .deleteFrom('rate_limit')
    .where('window_start', '<', new Date(clock.now() - 86_400_000))
    .execute();
}

function keyOf(rate: Pick<RateLimit, 'name' | 'subject'>): string {
  return `${rate.name}:${createHash('sha256').update(rate.subject).digest('hex').slice(0, 32)}`;
}
