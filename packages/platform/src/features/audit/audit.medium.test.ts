import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { recordAudit } from '../../server/audit.ts';
import { withTestPlatform } from '../../server/testing.ts';
import { canRun, databaseKinds } from '../../storage/testing.ts';

describe.each(databaseKinds)('the audit log, %s', (kind) => {
  it.skipIf(!canRun(kind))('only grows: the database refuses to change, delete or empty it', () =>
    withTestPlatform(kind, async ({ platform }) => {
      const { db } = platform.context.database;
      const count = async () =>
        (await sql<{ n: number }>`select count(*) as n from audit_entry`.execute(db)).rows[0]?.n;
      const before = await count();
      expect(before).toBeGreaterThan(0);
      for (const statement of [
        sql`update audit_entry set actor = 'somebody else'`,
        sql`delete from audit_entry`,
        sql`truncate audit_entry`,
      ]) {
        await expect(statement.execute(db)).rejects.toThrow();
      }
      expect(await count()).toBe(before);
    }),
  );

  it.skipIf(!canRun(kind))('is filtered by time, actor and action', () =>
    withTestPlatform(kind, async (running) => {
      const manager = await running.signedIn('manager');
      const total = async (query: string) => (await manager.send('GET', `/api/v1/audit?${query}`)).json.total;
      expect(await total('actor=SYSTEM')).toBe(1);
      expect(await total('action=account.create')).toBe(1);
      expect(await total('action=account')).toBe(0);
      expect(await total('action=account.')).toBeGreaterThan(1);
      const { items } = (await manager.send('GET', '/api/v1/audit')).json;
      const oldest = items.at(-1).at;
      expect(await total(`to=${oldest}`)).toBe(0);
      expect(await total(`from=${oldest}`)).toBe(items.length);
      expect((await manager.send('GET', '/api/v1/audit?from=yesterday')).status).toBe(400);
    }),
  );

  it.skipIf(!canRun(kind))('is exported whole, as lines of JSON and as CSV that no spreadsheet runs', () =>
    withTestPlatform(kind, async (running) => {
      const manager = await running.signedIn('manager');
      const { context } = running.platform;
      const actor = { subscriptionId: context.subscriptionId, login: '=HYPERLINK("https://example.org")' };
      await context.database.transaction(async (trx) => {
        for (let n = 0; n < 2500; n++)
          await recordAudit(actor, trx, { action: 'test.many', subject: `=${n}`, detail: { text: 'a "b", c\nd' } });
      });
      const lines = await manager.send('GET', '/api/v1/audit/export?format=ndjson&action=test.many');
      expect(lines.headers['content-type']).toBe('application/x-ndjson');
      const entries = lines.text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(entries).toHaveLength(2500);
      expect(new Set(entries.map((entry) => entry.subject)).size).toBe(2500);
      const csv = await manager.send('GET', '/api/v1/audit/export?action=test.many');
      expect(csv.headers['content-disposition']).toMatch(/^attachment; filename="picket-audit-\d{4}-\d\d-\d\d\.csv"$/);
      const rows = csv.text.trimEnd().split('\r\n');
      expect(rows[0]).toBe('id,at,actor,action,subject,detail,address');
      expect(rows).toHaveLength(2501);
      expect(rows[1]).toContain(`,"'=HYPERLINK(""https://example.org"")",test.many,'=2499,`);
      const exports = (await manager.send('GET', '/api/v1/audit?action=audit.export')).json;
      expect(exports.items).toMatchObject([
        { detail: { format: 'csv', action: 'test.many' } },
        { detail: { format: 'ndjson' } },
      ]);
    }),
  );
});
