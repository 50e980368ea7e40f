import type { AuditFilter } from '@picket/contracts/api/sign-in';
import type { Kysely } from 'kysely';
import { csvLine } from '../../server/csv-line.ts';
import type { AccessScope } from '../../server/context.ts';
import type { Schema } from '../../storage/schema.ts';
import { listEntries, shownEntry } from './audit-queries.ts';

/** Entries read at a time: the log is never in memory as a whole. */
const batch = 1000;
const columns = ['id', 'at', 'actor', 'action', 'subject', 'detail', 'address'];

/** The lines of an export, newest first. What is written while it runs is not in it. */
export async function* exportEntries(
  scope: AccessScope,
  db: Kysely<Schema>,
  filter: AuditFilter,
  format: 'csv' | 'ndjson',
): AsyncGenerator<string> {
  if (format === 'csv') yield csvLine(columns);
  let before: number | null = null;
  for (;;) {
    const rows: Awaited<ReturnType<typeof listEntries>> = await listEntries(scope, db, filter, {
      before,
      limit: batch,
    });
    if (rows.length > 0) yield rows.map((row) => lineOf(row, format)).join('');
    const last = rows.at(-1);
    if (last === undefined || rows.length < batch) return;
    before = last.id;
  }
}

function lineOf(row: Parameters<typeof shownEntry>[0], format: 'csv' | 'ndjson'): string {
  const { id, at, actor, action, subject, detail, address } = shownEntry(row);
  if (format === 'ndjson') return `${JSON.stringify({ id, at, actor, action, subject, detail, address })}\n`;
  return csvLine([String(id), at, actor, action, subject, JSON.stringify(detail), address ?? '']);
}
