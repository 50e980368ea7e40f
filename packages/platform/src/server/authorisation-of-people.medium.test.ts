import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  confined,
  expectForeignUnchanged,
  expectNothingOf,
  startTwoUnits,
  type TwoUnits,
} from './testing-confined-accounts.ts';

describe('an account of a unit', () => {
  let units: TwoUnits;
  beforeAll(async () => {
    units = await startTwoUnits();
  });
  afterAll(() => units.running.close());

  it('lets a Unit Manager administer Scanners and Readers of the own unit, and raise nobody', async () => {
    const head = units.client('unit-manager');
    const list = await head.send('GET', '/api/v1/accounts');
    expect(list.json.items.map((one: { login: string }) => one.login)).toContain('kestrel');
    expect(list.text).not.toContain('kestrel-head');
    const wanted = { login: 'fresh', name: 'Fresh', role: 'reader', assetGroupIds: [units.own.group] };
    const refused = [
      { ...wanted, role: 'manager' },
      { ...wanted, role: 'auditor' },
      { ...wanted, role: 'unit-manager' },
      { ...wanted, businessUnitId: units.foreign.unit },
      { ...wanted, assetGroupIds: [units.foreign.group] },
      { ...wanted, assetGroupIds: [1] },
    ];
    for (const path of ['/api/v1/accounts', '/api/v1/invitations']) {
      for (const body of refused) {
        const answer = await head.send('POST', path, body);
        expect([path, body, answer.status, answer.json.code]).toEqual([path, body, 422, 'account.not-allowed']);
        expectNothingOf(units.foreign, path, answer);
      }
    }
    const invited = await head.send('POST', '/api/v1/invitations', { ...wanted, login: 'invited' });
    expect(invited.json).toMatchObject({
      role: 'reader',
      businessUnitId: units.own.unit,
      assetGroupIds: [units.own.group],
    });
    const guests = await head.send('GET', '/api/v1/invitations');
    expect(guests.json.items.map((one: { login: string }) => one.login)).toEqual([
      `${units.own.canary}-guest`,
      'invited',
    ]);
    // To more than the Unit Manager sees: a new link would be a way to it.
    const { db } = units.running.platform.context.database;
    const more = { subscription_id: units.running.platform.context.subscriptionId, invitation_id: invited.json.id };
    await db
      .insertInto('asset_group_invitation')
      .values({ ...more, asset_group_id: units.foreign.group })
      .execute();
    const again = await head.send('POST', `/api/v1/invitations/${invited.json.id}/resend`);
    expect([again.status, again.json.code]).toEqual([403, 'account.beyond-unit']);
    expectNothingOf(units.foreign, 'beyond', again);
    expect((await units.client('manager').send('DELETE', `/api/v1/invitations/${invited.json.id}`)).status).toBe(204);
    const made = await head.send('POST', '/api/v1/accounts', wanted);
    expect(made.json).toMatchObject({
      role: 'reader',
      businessUnitId: units.own.unit,
      assetGroupIds: [units.own.group],
    });
    const path = `/api/v1/accounts/${made.json.id}`;
    for (const change of [{ role: 'manager' }, { businessUnitId: null }, { assetGroupIds: [units.foreign.group] }]) {
      expect((await head.send('PATCH', path, change)).status).toBe(422);
    }
    expect((await head.send('PATCH', path, { role: 'scanner', disabled: true })).status).toBe(200);
    // Whoever sees more than the Unit Manager is changed by a Manager: a new password would be a way to what they see.
    expect(
      (await units.client('manager').send('PATCH', path, { assetGroupIds: [units.own.group, units.foreign.group] }))
        .status,
    ).toBe(200);
    for (const [method, suffix, body] of [
      ['PATCH', '', { name: 'X' }],
      ['POST', '/password', undefined],
      ['DELETE', '', undefined],
    ] as const) {
      const answer = await head.send(method, path + suffix, body);
      expect([method, answer.status, answer.json.code]).toEqual([method, 403, 'account.beyond-unit']);
      expectNothingOf(units.foreign, 'beyond', answer);
    }
    expect((await units.client('manager').send('DELETE', path)).status).toBe(204);
  });

  it('has a Unit Manager put a new appliance into an asset group of the unit', async () => {
    const head = units.client('unit-manager');
    const wanted = { name: 'fresh-box', networkIds: [units.own.network], assetGroupIds: [units.own.group] };
    for (const assetGroupIds of [[], [units.foreign.group]]) {
      expect((await head.send('POST', '/api/v1/appliances/provision', { ...wanted, assetGroupIds })).status).toBe(422);
    }
    expect(
      (await head.send('POST', '/api/v1/appliances/provision', { ...wanted, networkIds: [units.foreign.network] }))
        .status,
    ).toBe(422);
    const made = await head.send('POST', '/api/v1/appliances/provision', wanted);
    expect(made.json.appliance).toMatchObject({ assetGroupIds: [units.own.group], networkIds: [units.own.network] });
    const path = `/api/v1/appliances/${made.json.appliance.id}`;
    for (const who of confined) expect((await units.client(who).send('GET', path)).status).toBe(200);
    expect((await units.client('nobody').send('GET', path)).status).toBe(404);
    expect((await head.send('DELETE', path)).status).toBe(204);
  });

  it('changed nothing of the other unit', () => expectForeignUnchanged(units));
});
