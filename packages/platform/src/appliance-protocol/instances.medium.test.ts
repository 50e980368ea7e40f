import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { withPlatform } from '../features/testing/platform-under-test.ts';
import { canRun } from '../storage/testing.ts';
import { judgeSequence } from './domain/replay.ts';
import { advanceSequence, lockAppliance, readInstance, readSender, storeInstance } from './instances.ts';

describe.skipIf(!canRun('server'))('two requests of one process at the same time', () => {
  it('do not forget each other, whichever way they go: none passes twice', () =>
    withPlatform('server', async ({ platform, network, appliance }) => {
      const { context } = platform;
      const { database, clock } = context;
      const box = await appliance(await network('10.0.0.0/24'));
      await box.poll();
      const read = () => readSender(database.db, box.keyId, box.instance);
      const sender = await read();
      if (!sender) throw new Error('the appliance is enrolled');
      const { scope } = sender;
      const [first, second] = [box.sequence + 1, box.sequence + 2];
      const begin = Promise.withResolvers<void>();
      let over = false;
      const short = begin.promise
        .then(() => advanceSequence(context, scope, sender, { instance: box.instance, sequence: first }))
        .finally(() => (over = true));
      // The second one was beaten to its number before, and goes the way with locks.
      await database.transaction(async (trx) => {
        await lockAppliance(trx, scope);
        const verdict = judgeSequence(await readInstance(trx, scope, box.instance), second, clock.now());
        if (verdict.kind !== 'accept') throw new Error('the number is new');
        begin.resolve();
        // Until the first one, which goes the short way, is through, or stands before a lock.
        while (!over && !(await someoneWaits(trx)));
        await storeInstance(trx, scope, {
          instance: box.instance,
          state: verdict.state,
          now: clock.now(),
          supersede: false,
        });
      });
      const passed = await short;
      const known = (await read())?.known ?? null;
      expect(judgeSequence(known, second, clock.now()).kind).toBe('replayed');
      // What passed is used up; what did not pass tries again, and passes then.
      expect(judgeSequence(known, first, clock.now()).kind).toBe(passed ? 'replayed' : 'accept');
    }));
});

async function someoneWaits(trx: Parameters<typeof lockAppliance>[0]): Promise<boolean> {
  const { rows } = await sql<{ waits: boolean }>`
    select exists (select 1 from pg_locks where not granted and pid in
      (select pid from pg_stat_activity where datname = current_database())) as waits`.execute(trx);
  return rows[0]?.waits === true;
}
