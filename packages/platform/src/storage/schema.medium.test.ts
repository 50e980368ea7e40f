import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { canRun, databaseKinds, withDatabase } from './testing.ts';

/** `table.column nullable|required` lines out of `schema.ts` and the files in `tables`. */
async function declared(): Promise<readonly string[]> {
  const tables = await readdir(join(import.meta.dirname, 'tables'));
  const files = ['schema.ts', ...tables.map((name) => join('tables', name))];
  const texts = await Promise.all(files.map((name) => readFile(join(import.meta.dirname, name), 'utf8')));
  const source = texts.join('\n');
  const interfaces = new Map<string, readonly string[]>();
  for (const [, name = '', body = ''] of source.matchAll(/^export interface (\w+) \{\n([^}]*)\}/gm)) {
    interfaces.set(
      name,
      [...body.matchAll(/^ {2}(\w+): (.+);$/gm)].map(([, column = '', type = '']) => `${column} ${family(type)}`),
    );
  }
  return [...source.matchAll(/^ {2}(\w+): (\w+Table);$/gm)]
    .flatMap(([, table = '', name = '']) => (interfaces.get(name) ?? ['?']).map((column) => `${table}.${column}`))
    .sort();
}

function family(type: string): string {
  const nullable = type.startsWith('Nullable') ? ' null' : '';
  if (/Json/.test(type)) return `json${nullable}`;
  const inner = /^(?:Nullable|Generated)<(.+)>$/.exec(type)?.[1] ?? type;
  if (/^(number|boolean|Date|Uint8Array)$/.test(inner)) return `${inner}${nullable}`;
  if (inner.startsWith('ColumnType<never')) return 'number';
  return `string${nullable}`;
}

const families: Readonly<Record<string, string>> = {
  bigint: 'number',
  integer: 'number',
  smallint: 'number',
  real: 'number',
  'double precision': 'number',
  boolean: 'boolean',
  jsonb: 'json',
  bytea: 'Uint8Array',
  'timestamp with time zone': 'Date',
};

describe.each(databaseKinds)('the table types, %s', (kind) => {
  it.skipIf(!canRun(kind))('name each table, column, type and nullability of the database and nothing else', () =>
    withDatabase(kind, async ({ db }) => {
      const { rows } = await sql<{ table: string; column: string; type: string; nullable: string }>`
        select table_name as table, column_name as column, data_type as type, is_nullable as nullable
        from information_schema.columns
        where table_schema = 'public' and table_name not in ('schema_migration', 'detection_history_default')`.execute(
        db,
      );
      const actual = rows.map((row) => {
        const nullable = row.nullable === 'YES' ? ' null' : '';
        return `${row.table}.${row.column} ${families[row.type] ?? 'string'}${nullable}`;
      });
      expect(await declared()).toEqual(actual.sort());
    }),
  );
});
