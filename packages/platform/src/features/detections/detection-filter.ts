import { detectionStatus, type listDetectionsQuery } from '@picket/contracts/api/inventory';
import { severity } from '@picket/contracts/primitive';
import { type RawBuilder, sql } from 'kysely';
import type { z } from 'zod';
import { seen, underSeen } from '../../server/access/seen.ts';
import type { AccessScope } from '../../server/context.ts';
import { type FieldFault, refuse } from '../../server/http-error.ts';
import { containsPattern } from '../../server/page-cursor.ts';
import { allOf } from '../../storage/severity-counts.ts';

export type DetectionFilter = Omit<z.output<typeof listDetectionsQuery>, 'cursor' | 'limit' | 'sort'>;

/** Without a word about it, what is fixed is not shown. */
const openStatuses = ['new', 'active', 'reopened'] as const;

/** The `where` of a list of detections; tables `detection` and `asset`. Unknown words in a list are refused, all at once. */
export function detectionFilter(scope: AccessScope, query: DetectionFilter): RawBuilder<unknown> {
  const faults: FieldFault[] = [];
  const severities = words('severity', query.severity, severity.options, faults);
  const statuses = words('status', query.status, detectionStatus.options, faults) ?? openStatuses;
  if (faults.length > 0) {
    throw refuse({
      status: 400,
      code: 'request.invalid',
      message: 'The filter names something that does not exist.',
      hint: 'Use the words that the fault lists, with commas between.',
      errors: faults,
    });
  }
  const filters: RawBuilder<unknown>[] = [
    sql`detection.subscription_id = ${scope.subscriptionId}`,
    sql`detection.status = any(${[...statuses]}::text[])`,
  ];
  if (severities) filters.push(sql`detection.severity = any(${[...severities]}::text[])`);
  if (query.assetId !== undefined) filters.push(sql`detection.asset_id = ${query.assetId}`);
  if (query.check !== undefined) filters.push(sql`detection.check_id = ${query.check}`);
  if (query.scanId !== undefined) filters.push(foundBy(scope, query.scanId));
  if (query.firstSeenSince !== undefined) {
    filters.push(sql`detection.first_seen >= ${new Date(query.firstSeenSince)}`);
  }
  if (query.untested !== undefined) filters.push(sql`detection.not_evaluable is not null`);
  if (query.q !== undefined && query.q.trim() !== '') filters.push(matches(query.q.trim()));
  return allOf(filters);
}

function words<T extends string>(
  field: string,
  text: string | undefined,
  known: readonly T[],
  faults: FieldFault[],
): readonly T[] | null {
  const given = (text ?? '')
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
  for (const word of given) {
    if (!known.some((one) => one === word)) {
      faults.push({ field, item: word, message: `is none of ${known.join(', ')}` });
    }
  }
  const chosen = known.filter((one) => given.includes(one));
  return given.length === 0 ? null : chosen;
}

/** Reported by this scan, also when a newer one has spoken of it since. */
function foundBy(scope: AccessScope, scanId: number): RawBuilder<unknown> {
  return sql`exists (
    select 1 from ${seen(scope, 'scan')} join ${underSeen('scan_fact')} on scan_fact.subscription_id = scan.subscription_id and scan_fact.scan_id = scan.id
    where scan.subscription_id = ${scope.subscriptionId} and scan.id = ${scanId} and scan.network_id = asset.network_id
      and scan_fact.type = 'finding' and scan_fact.address = asset.address and scan_fact.event ->> 'check' = detection.check_id
      and coalesce(scan_fact.port, 0) = detection.port and coalesce(scan_fact.event ->> 'instance', '') = detection.instance)`;
}

function matches(text: string): RawBuilder<unknown> {
  const pattern = containsPattern(text);
  return sql`(detection.name ilike ${pattern} or detection.check_id ilike ${pattern}
    or asset.name ilike ${pattern} or host(asset.address) like ${pattern}
    or exists (select 1 from check_info where check_info.subscription_id = detection.subscription_id
      and check_info.id = detection.check_id and check_info.info ->> 'cve' ilike ${pattern}))`;
}
