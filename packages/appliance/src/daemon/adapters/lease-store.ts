import { appendFile, readdir, readFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { type EngineEvent, engineEvent, notEvaluableReason } from '@picket/contracts/event';
import { signedLease } from '@picket/contracts/lease';
import { z } from 'zod';
import { privateFolder, readIfThere, removeFile, replaceFile } from './private-files.ts';
import { removeFolder } from './state-directory.ts';

/** How a slice ended, decided once: written down before the closing event goes to the spool. */
const ending = z.object({
  outcome: z.enum(['complete', 'incomplete', 'stopped']),
  reason: notEvaluableReason.optional(),
  detail: z.string().optional(),
  by: z.literal('console').optional(),
  time: z.string(),
});
export type Ending = z.infer<typeof ending>;

const leaseRecord = z.object({
  signed: signedLease,
  /** As renewed last. */
  expiresAt: z.string(),
  /** How often a unit was running when the worker died, by unit key; `*` counts deaths with no unit running. */
  crashes: z.record(z.string(), z.number()),
  ending: ending.nullable(),
});
export type LeaseRecord = z.infer<typeof leaseRecord>;

/**
 * A lease on disk: what was signed, how far it got, and a journal of the facts that a restarted worker builds on. The
 * spool can't serve for that, because what the platform has is deleted from it.
 */
export interface LeaseStore {
  /** Ids of all leases on disk. Damaged ones are left out: without a lease nothing may be scanned. */
  load(): Promise<readonly { readonly leaseId: string; readonly record: LeaseRecord }[]>;
  save(leaseId: string, record: LeaseRecord): Promise<void>;
  /** Only after the same events are durable in the spool: a unit that counts as ended must have its facts there. */
  journal(leaseId: string, events: readonly EngineEvent[]): Promise<void>;
  readJournal(leaseId: string): Promise<EngineEvent[]>;
  /** Gives up the journal: a restart then begins the slice anew. */
  dropJournal(leaseId: string): Promise<void>;
  remove(leaseId: string): Promise<void>;
}

export function leaseStore(folder: string): LeaseStore {
  const recordPath = (leaseId: string) => join(folder, leaseId, 'lease.json');
  const journalPath = (leaseId: string) => join(folder, leaseId, 'journal.ndjson');
  return {
    load: async () => {
      const found = await Promise.all(
        (await readdir(folder)).map(async (leaseId) => ({ leaseId, record: await readRecord(recordPath(leaseId)) })),
      );
      return found.flatMap(({ leaseId, record }) => (record ? [{ leaseId, record }] : []));
    },
    save: async (leaseId, record) => {
      await privateFolder(join(folder, leaseId));
      await replaceFile(recordPath(leaseId), JSON.stringify(record));
    },
    journal: async (leaseId, events) => {
      const lines = events.flatMap(journalled).map((event) => `${JSON.stringify(event)}\n`);
      if (lines.length > 0) await appendFile(journalPath(leaseId), lines.join(''), { mode: 0o600 });
    },
    readJournal: (leaseId) => readJournal(journalPath(leaseId)),
    dropJournal: (leaseId) => removeFile(journalPath(leaseId)),
    remove: (leaseId) => removeFolder(join(folder, leaseId)),
  };
}

/** What `resumeFrom` reads: of a `checked` event only how far the checks are. */
function journalled(event: EngineEvent): EngineEvent[] {
  if (event.type === 'checked') return event.plan === undefined ? [] : [{ ...event, passed: [], notEvaluable: [] }];
  const read = event.type === 'unit' || event.type === 'host' || event.type === 'port' || event.type === 'service';
  return read ? [event] : [];
}

async function readRecord(path: string): Promise<LeaseRecord | null> {
  try {
    return leaseRecord.parse(JSON.parse((await readIfThere(path)) ?? ''));
  } catch {
    return null;
  }
}

/** A torn last line (crash, full disk) is cut off, so that the next append does not run into it. */
async function readJournal(path: string): Promise<EngineEvent[]> {
  const bytes = await readFile(path).catch(() => Buffer.alloc(0));
  const events: EngineEvent[] = [];
  let offset = 0;
  for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, offset)) {
    const event = parseEvent(bytes.subarray(offset, end));
    if (event) events.push(event);
    offset = end + 1;
  }
  if (offset < bytes.length) await truncate(path, offset);
  return events;
}

function parseEvent(line: Buffer): EngineEvent | null {
  try {
    const parsed = engineEvent.safeParse(JSON.parse(line.toString('utf8')));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
