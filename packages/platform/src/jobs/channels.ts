import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Database } from '../storage/database.ts';
import type { Schema } from '../storage/schema.ts';

/** Channel that wakes held polls: payload is a list of topics. */
export const wakeChannel = 'picket_wake';
/** Channel that feeds event streams: payload says what changed. */
export const liveChannel = 'picket_live';

/** `network:7`: work waits there. `appliance:9`: its leases, settings or state changed. */
export type WakeTopic = `network:${number}` | `appliance:${number}`;

/** What changed, for replicas and browsers. Ids only: readers fetch what they may see. */
export interface Announcement {
  readonly wake?: readonly WakeTopic[];
  readonly scans?: readonly number[];
  readonly appliances?: readonly number[];
  /** Detections that a scan reported: at most as many as fit a notification. */
  readonly detections?: readonly { readonly scanId: number; readonly id: number }[];
  /** Sessions ended: streams look whether theirs was among them. */
  readonly sessions?: boolean;
  /** A hold was placed or lifted. */
  readonly hold?: boolean;
}

/** Ids a notification carries at most, so that it stays below PostgreSQL's 8,000 bytes. */
const idsPerMessage = 100;

/** Tells all replicas, at the transaction's commit. */
export async function announce(database: Database, executor: Kysely<Schema>, what: Announcement): Promise<void> {
  if (what.wake && what.wake.length > 0) {
    for (const topics of chunks(what.wake)) await database.notify(wakeChannel, topics.join(' '), executor);
  }
  const live = liveMessage(what);
  if (live.sessions || live.hold || live.scans.length + live.appliances.length + live.detections.length > 0) {
    await database.notify(liveChannel, JSON.stringify(live), executor);
  }
}

/** Tells of one appliance within a statement that changes it: a notification of its own would be one more commit. */
export function announcingAppliance(applianceId: number): RawBuilder<unknown> {
  return sql`pg_notify(${liveChannel}, ${JSON.stringify(liveMessage({ appliances: [applianceId] }))})`;
}

function liveMessage(what: Announcement) {
  return {
    scans: what.scans ?? [],
    appliances: what.appliances ?? [],
    detections: (what.detections ?? []).slice(0, idsPerMessage),
    sessions: what.sessions ?? false,
    hold: what.hold ?? false,
  };
}

function chunks<T>(list: readonly T[]): readonly (readonly T[])[] {
  const parts: T[][] = [];
  for (let start = 0; start < list.length; start += idsPerMessage) parts.push(list.slice(start, start + idsPerMessage));
  return parts;
}
