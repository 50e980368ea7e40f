import { isoTime } from '@picket/base/clock';
import type { SpooledEvent } from '@picket/contracts/event';
import type { Numbering } from './spool/numbering.ts';
import { decodeLine } from './spool/segment.ts';
import type { Spool } from './spool/spool.ts';
import type { UploaderDeps } from './uploader.ts';

type Place = Pick<SpooledEvent, 'scan' | 'slice' | 'lease'>;

/** Leases that one loss is told to at most. */
const toldLeases = 64;

/**
 * The platform wants events that this appliance can't give (its database was set back further than the spool reaches), or
 * has some that were never sent (this state directory was set back). Begins a new stream with everything that is still on
 * disk; the platform knows facts by their key, so what comes twice counts once. What is gone is said in the notes of the
 * scans whose events lie next to the gap.
 */
export async function beginStream(deps: UploaderDeps, wanted: number): Promise<Numbering> {
  const { spool } = deps;
  const { oldest } = spool;
  const gone = Math.max(0, oldest - wanted);
  const from = wanted < spool.acked ? oldest : spool.acked;
  const next = { stream: deps.random.uuid(), base: from - 1 };
  await deps.saveNumbering(next);
  await spool.rewind(from);
  deps.log.write('error', 'upload.new-stream', { wanted, from, written: spool.durableNext - 1, gone });
  if (gone > 0) {
    for (const place of await places(spool, from)) tell(deps, place, gone);
  }
  return next;
}

/** Where the events on disk belong. */
async function places(spool: Spool, from: number): Promise<readonly Place[]> {
  const found = new Map<string, Place>();
  for (let at = from; found.size < toldLeases; ) {
    const batch = await spool.read(at, 5000, 1_048_576);
    if (batch === null) break;
    for (const line of Buffer.from(batch.bytes).toString('utf8').trimEnd().split('\n')) {
      const event = decodeLine(Buffer.from(line));
      if (event) found.set(event.lease, { scan: event.scan, slice: event.slice, lease: event.lease });
    }
    at = batch.first + batch.count;
  }
  return [...found.values()];
}

function tell(deps: UploaderDeps, place: Place, gone: number): void {
  const event = {
    type: 'note' as const,
    unit: { phase: 'discovery' as const, subject: 'upload' },
    time: isoTime(deps.now()),
    level: 'error' as const,
    code: 'upload.events-lost',
    message: `The platform lost ${gone} events that this appliance had delivered before and holds no more, of this scan or one before it. Scan again what is missing.`,
  };
  // Not waited for: on a full disk it takes until there is room, and uploading is what makes room.
  deps.spool.append({ ...place, event }, true).catch(() => {});
}
