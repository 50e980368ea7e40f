import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { confinedTables } from './seen.ts';

const root = join(import.meta.dirname, '../..');

/** Code that reads whole tables, and why nobody sees through it what is not theirs. A path ending in `/` stands for a folder. */
const exceptions: Readonly<Record<string, string>> = {
  'server/access/': 'is the one place that confines',
  'appliance-protocol/': 'finds out which appliance is speaking',
  'features/dispatch/': 'gives appliances their work',
  'features/ingest/': 'takes over what appliances found',
  'features/enrolment/': 'gives appliances their identity',
  'jobs/settle-scan.ts': 'moves jobs on when appliances report, and jobs that a person was shown before',
  'jobs/apply-exclusions.ts':
    'takes excluded addresses out of every job, whosever it is, and gives nothing back to a person',
  'jobs/give-back.ts': 'takes leases back from appliances',
  'features/notifications/presence-job.ts': 'watches every appliance; what is told of it goes through visibleTo()',
  'jobs/scan-windows.ts': 'gives the hours of jobs that were read before',
  'jobs/requeue.ts': 'takes leases back from appliances',
  'jobs/lease-holders.ts':
    'says which appliances look first after lost notifications, and gives nothing back to a person',
  'features/releases/queries.ts': 'wakes every active appliance and gives nothing back to a person',
  'features/switches/service.ts': 'renews the documents of every appliance and gives nothing back to a person',
};

const tables = confinedTables.join('|');
/** A raw read in SQL text or through the query builder. Deletions (`delete from`) name rows that were read before. */
const rawRead = new RegExp(
  `(?<!delete )\\b(?:from|join|using) (?:only )?(?:${tables})\\b|(?:selectFrom|[jJ]oin)\\(\\s*['"\`](?:${tables})\\b`,
  'g',
);

/** Faults of one source text: each raw read of a confined table. */
function rawReads(source: string): readonly string[] {
  const code = source.replaceAll(/^\s*(\*|\/\/|\/\*).*$/gm, '').replaceAll(/^import .*$/gm, '');
  return [...code.matchAll(rawRead)].map(([text]) => text);
}

function sources(): readonly string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((path) => /^(features|jobs|server|appliance-protocol|updates)\//.test(path) && !path.includes('/testing'));
}

const excepted = (path: string) =>
  Object.keys(exceptions).find((one) => (one.endsWith('/') ? path.startsWith(one) : path === one));

describe('confinement', () => {
  it('reads no table that accounts see in part but through seen()', () => {
    const faults = sources()
      .filter((path) => excepted(path) === undefined)
      .flatMap((path) => rawReads(readFileSync(join(root, path), 'utf8')).map((text) => `${path}: ${text}`));
    expect(faults).toEqual([]);
  });

  it('has no exception that nothing needs', () => {
    const used = new Set(
      sources()
        .filter((path) => rawReads(readFileSync(join(root, path), 'utf8')).length > 0)
        .map(excepted),
    );
    expect(Object.keys(exceptions).filter((one) => !used.has(one))).toEqual([]);
  });

  it('knows a raw read when it sees one', () => {
    const raw = [
      'select 1 from asset where',
      'left join scan on',
      "selectFrom('appliance')",
      "innerJoin('network', (join)",
    ];
    for (const text of raw) expect(rawReads(`const x = ${text}`)).toHaveLength(1);
    for (const text of [
      'delete from asset where',
      "from ${seen(scope, 'asset')}",
      'from asset_group_account',
      'insert into asset',
    ])
      expect(rawReads(`const x = ${text}`)).toEqual([]);
  });
});
