import { decodeLine } from './segment.ts';
import type { Spool } from './spool.ts';

/** Closing events that wait in the spool: lease id → sequence number. Reads the whole spool once, batch by batch. */
export async function sliceEndings(spool: Spool): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for (let from = spool.acked; ; ) {
    const batch = await spool.read(from, 5000, 1_048_576);
    if (batch === null) return found;
    for (const line of Buffer.from(batch.bytes).toString('utf8').split('\n')) {
      // A plain look first: parsing every event of a full spool would take minutes.
      const event = line.includes('"type":"slice"') ? decodeLine(Buffer.from(line)) : null;
      if (event?.event.type === 'slice') found.set(event.lease, event.seq);
    }
    from = batch.first + batch.count;
  }
}
