import { describeError } from '@picket/base/error';
import type { LiveEvent } from '@picket/contracts/api/scan';
import { z } from 'zod';
import { liveChannel } from '../../jobs/channels.ts';
import { blockRows, hostRows } from '../../jobs/ledger-rows.ts';
import { scanSummaries } from '../../jobs/scan-summary.ts';
import { sightKey, type Viewer } from '../../server/access/sight.ts';
import type { PlatformContext } from '../../server/context.ts';
import { changedSubjects, findingEvents, seenAppliances } from './queries.ts';

/** Gets events of one job, or of all (null). */
export interface FeedReader {
  readonly scanId: number | null;
  /** Who reads, with what may be seen now. */
  viewer(): Viewer;
  send(events: readonly LiveEvent[]): void;
  /** Events may have been missed. A reader that comes back is judged anew and reads everything anew, as it must after any pause. */
  end(): void;
  /** Sessions ended: look whether yours still holds. */
  checkSession(): void;
}

export interface LiveFeed {
  add(reader: FeedReader): () => void;
  close(): Promise<void>;
}

const announcement = z.object({
  scans: z.array(z.number()).catch([]),
  appliances: z.array(z.number()).catch([]),
  detections: z.array(z.object({ scanId: z.number(), id: z.number() })).catch([]),
  sessions: z.boolean().catch(false),
  hold: z.boolean().catch(false),
});

/** At most four messages a second for each job; slower when reading takes long. */
const tickMs = 250;
/** A change that is stamped before the last tick may be committed after it. */
const marginMs = 2000;

interface Pending {
  readonly scans: Set<number>;
  readonly appliances: Set<number>;
  readonly detections: Map<number, number>;
}

/**
 * Turns notifications into events for the readers of this process: gathered for a moment, read once for all readers.
 * Costs nothing while nobody reads.
 */
export async function openLiveFeed(context: PlatformContext): Promise<LiveFeed> {
  const readers = new Set<FeedReader>();
  const lastTold = new Map<number, number>();
  let pending = emptyPending();
  let running: Promise<void> | null = null;
  const flush = async () => {
    for (
      let busy = true;
      busy && !context.closing.aborted;
      busy = pending.scans.size + pending.appliances.size + pending.detections.size > 0
    ) {
      const began = context.clock.monotonic();
      const batch = pending;
      pending = emptyPending();
      await tell(context, readers, lastTold, batch);
      const took = context.clock.monotonic() - began;
      await context.clock.sleep(Math.max(tickMs, took * 4), context.closing).catch(() => {});
    }
    running = null;
  };
  const unlisten = await context.database.listen(liveChannel, (payload) => {
    if (readers.size === 0) return;
    if (payload === null) {
      for (const reader of readers) reader.end();
      return;
    }
    gather(pending, payload, readers);
    running ??= flush().catch((error: unknown) => {
      running = null;
      if (!context.closing.aborted) context.log.write('warning', 'live.failed', { message: describeError(error) });
    });
  });
  return {
    add(reader) {
      readers.add(reader);
      return () => readers.delete(reader);
    },
    close: unlisten,
  };
}

function emptyPending(): Pending {
  return { scans: new Set(), appliances: new Set(), detections: new Map() };
}

function gather(pending: Pending, payload: string, readers: ReadonlySet<FeedReader>): void {
  const parsed = announcement.safeParse(parseJson(payload));
  if (!parsed.success) return;
  // Of interest to every page, and rare: told at once.
  if (parsed.data.hold) for (const reader of readers) reader.send([{ type: 'hold' }]);
  if (parsed.data.sessions) for (const reader of readers) reader.checkSession();
  for (const id of parsed.data.scans) pending.scans.add(id);
  for (const id of parsed.data.appliances) pending.appliances.add(id);
  for (const { scanId, id } of parsed.data.detections) pending.detections.set(id, scanId);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Readers who see the same get the same: each of their groups is read for once. */
async function tell(
  context: PlatformContext,
  readers: ReadonlySet<FeedReader>,
  lastTold: Map<number, number>,
  batch: Pending,
): Promise<void> {
  const told = new Map(lastTold);
  for (const group of Map.groupBy(readers, (reader) => sightKey(reader.viewer())).values()) {
    const [first] = group;
    if (first) await tellGroup(context, { viewer: first.viewer(), readers: new Set(group) }, { lastTold, told }, batch);
  }
  for (const [id, at] of told) lastTold.set(id, at);
}

async function tellGroup(
  context: PlatformContext,
  { viewer, readers }: { readonly viewer: Viewer; readonly readers: ReadonlySet<FeedReader> },
  { lastTold, told }: { readonly lastTold: ReadonlyMap<number, number>; readonly told: Map<number, number> },
  batch: Pending,
): Promise<void> {
  const { db } = context.database;
  const followed = new Set([...readers].map((reader) => reader.scanId));
  const wanted = [...batch.scans].filter((id) => followed.has(null) || followed.has(id));
  for (const scan of await scanSummaries(viewer, db, wanted, context.clock.now())) {
    const events: LiveEvent[] = [{ type: 'scan', scan }];
    if (followed.has(scan.id)) {
      const since = lastTold.get(scan.id) ?? context.clock.now();
      told.set(scan.id, context.clock.now());
      const changed = await changedSubjects(viewer, db, scan.id, new Date(since - marginMs));
      const rows = [
        ...(await blockRows(viewer, db, scan.id, changed.blocks)),
        ...(await hostRows(viewer, db, scan.id, changed.hosts)),
      ];
      if (rows.length > 0) send(readers, scan.id, [{ type: 'ledger', scanId: scan.id, rows }], false);
    }
    send(readers, scan.id, events, true);
  }
  for (const [scanId, entries] of Map.groupBy(batch.detections, ([, scan]) => scan)) {
    const ids = entries.map(([id]) => id);
    send(readers, scanId, await findingEvents(viewer, db, ids, scanId), true);
  }
  const visible = await seenAppliances(viewer, db, [...batch.appliances]);
  const appliances = visible.map((applianceId): LiveEvent => ({ type: 'appliance', applianceId }));
  for (const reader of readers) if (reader.scanId === null && appliances.length > 0) reader.send(appliances);
}

function send(readers: ReadonlySet<FeedReader>, scanId: number, events: readonly LiveEvent[], toAll: boolean): void {
  for (const reader of readers) if (reader.scanId === scanId || (toAll && reader.scanId === null)) reader.send(events);
}
