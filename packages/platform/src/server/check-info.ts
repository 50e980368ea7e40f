import { checkInfo } from '@picket/contracts/api/inventory';
import { severity } from '@picket/contracts/primitive';
import { type Kysely, sql } from 'kysely';
import { z } from 'zod';
import type { Schema } from '../storage/schema.ts';
import { seen } from './access/seen.ts';
import type { Viewer } from './access/sight.ts';
import type { AccessScope } from './context.ts';

export type CheckInfo = z.output<typeof checkInfo>;

/** What of a check is stored as JSON, beside its columns. A check known from findings alone has none of it. */
export const storedCheckInfo = checkInfo
  .pick({
    description: true,
    impact: true,
    remediation: true,
    references: true,
    cwe: true,
    cve: true,
    cvssVector: true,
    cvssScore: true,
    tags: true,
    intrusive: true,
    intrusiveReasons: true,
    origin: true,
    signature: true,
  })
  .extend({
    description: z.string().default(''),
    // Rows of older releases do not have these.
    intrusiveReasons: checkInfo.shape.intrusiveReasons.default([]),
    origin: checkInfo.shape.origin.default(''),
    signature: checkInfo.shape.signature.default('none'),
  });

const unknownInfo: z.output<typeof storedCheckInfo> = {
  description: '',
  impact: null,
  remediation: null,
  references: [],
  cwe: [],
  cve: [],
  cvssVector: null,
  cvssScore: null,
  tags: [],
  intrusive: false,
  intrusiveReasons: [],
  origin: '',
  signature: 'none',
};

export interface CheckInfoRow {
  readonly id: string;
  readonly number: number;
  readonly name: string;
  readonly severity: string;
  readonly info: unknown;
  readonly open_detections: number;
}

/** Columns of a `CheckInfoRow`, from `check_info`. Detections count as far as the viewer sees them. */
export const checkInfoColumns = (
  viewer: Viewer,
) => sql`check_info.id, check_info.number, check_info.name, check_info.severity, check_info.info, (
  select count(*) from ${seen(viewer, 'detection')} where detection.subscription_id = check_info.subscription_id
    and detection.check_id = check_info.id and detection.status <> 'fixed') as open_detections`;

export function shownCheckInfo(row: CheckInfoRow): CheckInfo {
  return {
    ...storedCheckInfo.catch(unknownInfo).parse(row.info),
    id: row.id,
    number: row.number,
    name: row.name,
    severity: severity.catch('info').parse(row.severity),
    openDetections: row.open_detections,
  };
}

/** What is known of a check; null when nothing is. */
export async function readCheckInfo(scope: AccessScope, db: Kysely<Schema>, id: string): Promise<CheckInfo | null> {
  const { rows } = await sql<CheckInfoRow>`
    select ${checkInfoColumns(scope)} from check_info
    where check_info.subscription_id = ${scope.subscriptionId} and check_info.id = ${id}`.execute(db);
  const [row] = rows;
  return row ? shownCheckInfo(row) : null;
}
