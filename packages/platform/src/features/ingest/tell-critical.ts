import { type Kysely, sql } from 'kysely';
import { recordEvent } from '../../jobs/outbox.ts';
import type { Schema } from '../../storage/schema.ts';
import type { RaisedDetections } from './store-detections.ts';
import type { FoldTarget } from './store-inventory.ts';

/** Detections that one event names; the rest is counted. */
const namedCritical = 20;

/** Writes down which of the raised detections are critical, for those who want to hear. */
export async function tellCritical(
  target: FoldTarget,
  trx: Kysely<Schema>,
  raised: RaisedDetections,
  now: Date,
): Promise<void> {
  if (raised.length === 0) return;
  const { rows } = await sql<{ id: number; name: string; address: string; port: number }>`
    select detection.id, detection.name, host(asset.address) as address, detection.port from detection
    join asset on asset.subscription_id = detection.subscription_id and asset.id = detection.asset_id
    where detection.subscription_id = ${target.subscriptionId} and detection.severity = 'critical'
      and detection.id in (select value::bigint from json_array_elements_text(${JSON.stringify(raised)}::json))
    order by detection.id`.execute(trx);
  if (rows.length === 0) return;
  const { scanId, networkId } = target;
  const detections = rows.slice(0, namedCritical).map(({ id, name, address, port }) => ({
    detectionId: id,
    scanId,
    networkId,
    name,
    severity: 'critical' as const,
    address,
    port: port === 0 ? null : port,
  }));
  await recordEvent(target, trx, { kind: 'detection.critical', count: rows.length, detections }, now);
}
