import { once } from 'node:events';
import { request as httpsRequest } from 'node:https';
import type { Role } from '@picket/contracts/api/session';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { announce } from '../jobs/channels.ts';
import { expectNothingOf, startTwoUnits, type TwoUnits } from './testing-confined-accounts.ts';

describe('an event stream of an account', () => {
  let units: TwoUnits;
  beforeAll(async () => {
    units = await startTwoUnits();
  });
  afterAll(() => units.running.close());

  it('streams what is its own, and stops when it is taken away', async () => {
    const { database, subscriptionId } = units.running.platform.context;
    const followed = await follow(units, 'reader', '/api/v1/stream');
    const ofScan = await follow(units, 'reader', `/api/v1/scans/${units.own.scan}/stream`);
    const tell = () =>
      announce(database, database.db, {
        scans: [units.own.scan, units.foreign.scan],
        appliances: [units.own.appliance, units.foreign.appliance],
        detections: [units.own, units.foreign].map((unit) => ({ scanId: unit.scan, id: unit.detection })),
      });
    await database.db.updateTable('unit').set({ updated_at: new Date() }).execute();
    await tell();
    await followed.until(
      (text) => text.includes(`weak ${units.own.canary}`) && text.includes(`"applianceId":${units.own.appliance}`),
    );
    await ofScan.until((text) => text.includes('event: ledger'));
    for (const stream of [followed, ofScan])
      expectNothingOf(units.foreign, 'stream', { text: stream.text(), headers: {} });
    expect(followed.text()).not.toContain(`"applianceId":${units.foreign.appliance}`);
    const { json } = await units.client('reader').send('GET', '/api/v1/session');
    await database.db.deleteFrom('asset_group_account').where('account_id', '=', json.user.id).execute();
    await announce(database, database.db, { sessions: true });
    await ofScan.ended;
    const before = followed.text().length;
    await tell();
    await announce(database, database.db, { sessions: true });
    await followed.until((text) => text.slice(before).includes(': beat'));
    expect(followed.text().slice(before)).not.toContain('event:');
    await units.client('manager').send('PATCH', `/api/v1/accounts/${json.user.id}`, { disabled: true });
    await followed.ended;
    expect(subscriptionId).toBeGreaterThan(0);
  });
});

/** An open event stream. */
async function follow({ running, client }: TwoUnits, who: Role, path: string) {
  const { platform } = running;
  const { cookie } = client(who);
  const sent = httpsRequest({
    host: 'localhost',
    servername: 'localhost',
    family: 4,
    port: platform.port,
    path,
    agent: false,
    ca: platform.caPem ?? undefined,
    headers: { cookie: cookie ?? '' },
  });
  sent.end();
  const [answer] = await once(sent, 'response');
  let text = '';
  let look = () => {};
  answer.setEncoding('utf8');
  answer.on('data', (part: string) => {
    text += part;
    look();
  });
  return {
    text: () => text,
    ended: once(answer, 'end'),
    until: (holds: (text: string) => boolean) =>
      new Promise<void>((resolve) => {
        look = () => {
          if (holds(text)) resolve();
        };
        look();
      }),
  };
}
