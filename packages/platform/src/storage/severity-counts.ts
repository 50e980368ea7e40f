import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { z } from 'zod';

/** Numbers of detections by severity, as `contracts` has them. */
export const severityCountsSchema = z.object({
  info: z.number(),
  low: z.number(),
  medium: z.number(),
  high: z.number(),
  critical: z.number(),
});
export type SeverityCounts = z.output<typeof severityCountsSchema>;

/** `jsonb` with the counts over the rows of a group; `alias` is the detection table's name in the query. */
export function severityCounts(alias: string): RawBuilder<unknown> {
  const count = (severity: string) =>
    sql`count(*) filter (where ${sql.ref(`${alias}.severity`)} = ${sql.lit(severity)})`;
  return sql`jsonb_build_object('info', ${count('info')}, 'low', ${count('low')}, 'medium', ${count('medium')},
    'high', ${count('high')}, 'critical', ${count('critical')})`;
}

/**
 * How bad an asset stands, for sorting: one critical detection outweighs any usual number of high ones, and so on
 * (factor 1000 a step, at most 999 counted of each).
 */
export function riskScore(alias: string): RawBuilder<number> {
  const share = (severity: string, weight: number) =>
    sql`least(999, count(*) filter (where ${sql.ref(`${alias}.severity`)} = ${sql.lit(severity)})) * ${sql.lit(weight)}::bigint`;
  return sql<number>`(${share('critical', 1_000_000_000)} + ${share('high', 1_000_000)} + ${share('medium', 1000)} + ${share('low', 1)})`;
}

/** Conditions joined by `and`; true when there are none. */
export function allOf(conditions: readonly RawBuilder<unknown>[]): RawBuilder<SqlBool> {
  return conditions.length === 0 ? sql<SqlBool>`true` : sql<SqlBool>`${sql.join(conditions, sql` and `)}`;
}
