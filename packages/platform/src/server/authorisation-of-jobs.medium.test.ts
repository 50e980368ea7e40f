import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  confined,
  essence,
  expectForeignUnchanged,
  expectNothingOf,
  startTwoUnits,
  type TwoUnits,
} from './testing-confined-accounts.ts';

describe('an account launches, compares and tags what is of its own unit', () => {
  let units: TwoUnits;
  beforeAll(async () => {
    units = await startTwoUnits();
  });
  afterAll(() => units.running.close());

  it('compares none of its jobs with a foreign one', async () => {
    for (const who of [...confined, 'nobody'] as const) {
      for (const end of ['', '/export']) {
        const path = (other: number) => `/api/v1/scans/${units.own.scan}/compare/${other}${end}`;
        const [answer, none] = [
          await units.client(who).send('GET', path(units.foreign.scan)),
          await units.client(who).send('GET', path(999_999)),
        ];
        expect([who, answer.status]).toEqual([who, 404]);
        expect(essence(answer, units.foreign.scan)).toBe(essence(none, 999_999));
      }
    }
  });

  it('sees its half of a shared network, with its hosts and addresses alone', async () => {
    for (const who of confined) {
      const { json } = await units.client(who).send('GET', `/api/v1/networks/${units.shared}`);
      expect(json).toMatchObject({
        ranges: ['172.20.61.0-172.20.61.255'],
        assets: 1,
        addresses: '256',
        applianceIds: [units.own.appliance],
      });
      const assets = await units.client(who).send('GET', '/api/v1/assets');
      expect(assets.json.total).toBe(2);
      const overview = await units.client(who).send('GET', '/api/v1/overview');
      expect(overview.json).toMatchObject({ assets: 2, services: 2, detections: { high: 2 } });
      expect(overview.json.appliances).toEqual({ online: 0, offline: 1, waiting: 0 });
    }
    const all = await units.client('auditor').send('GET', '/api/v1/overview');
    expect(all.json).toMatchObject({ assets: 4, services: 4, detections: { high: 4 } });
    const nothing = await units.client('nobody').send('GET', '/api/v1/overview');
    expect(nothing.json).toMatchObject({ assets: 0, services: 0, detections: { high: 0 }, runningScans: [] });
    expect((await units.client('nobody').send('GET', '/api/v1/session')).json.user.sees).toBe('nothing');
  });

  it('plans and launches inside its ranges and on its appliances alone, and is told the range', async () => {
    const scan = { kind: 'scan', networkId: units.own.network, targets: '10.61.0.7' };
    const refused: readonly (readonly [object, string])[] = [
      [
        { networkId: units.foreign.network, targets: '10.62.0.7' },
        'There is no such network. Choose one of the registered networks.',
      ],
      [
        { networkId: units.shared, targets: '172.20.61.0/24, 172.20.62.0/24' },
        '172.20.62.0/24 is not in your asset groups.',
      ],
      [
        { applianceIds: [units.foreign.appliance] },
        `Appliance ${units.foreign.appliance} does not serve the network kestrel net.`,
      ],
      [{ assetGroupIds: [units.foreign.group] }, `There is no asset group ${units.foreign.group}.`],
      [{ applianceGroupIds: [units.foreign.group] }, `There is no asset group ${units.foreign.group}.`],
      [{ targets: '', fromMap: { id: units.foreign.map } }, `There is no map ${units.foreign.map}.`],
      [
        { optionProfileId: units.foreign.profile },
        `There is no option profile ${units.foreign.profile}. Choose one of the list, or write the options.`,
      ],
    ];
    for (const who of ['unit-manager', 'scanner'] as const) {
      for (const [change, message] of refused) {
        for (const path of ['/api/v1/plans', '/api/v1/scans']) {
          const answer = await units.client(who).send('POST', path, { ...scan, ...change });
          expect(answer.status).toBe(422);
          expect(answer.json.errors.map((fault: { message: string }) => fault.message)).toContain(message);
          expect(answer.text).not.toContain(units.foreign.canary);
        }
      }
      const plan = await units.client(who).send('POST', '/api/v1/plans', {
        ...scan,
        targets: '',
        assetGroupIds: [units.own.group],
      });
      expect(plan.json).toMatchObject({ addresses: '65536', appliances: [{ id: units.own.appliance }] });
    }
    const launched = await units.client('scanner').send('POST', '/api/v1/scans', scan);
    expect(launched.status).toBe(201);
    const { db } = units.running.platform.context.database;
    const chosen = await db
      .selectFrom('scan_appliance')
      .select('appliance_id')
      .where('scan_id', '=', launched.json.id)
      .execute();
    expect(chosen).toEqual([{ appliance_id: units.own.appliance }]);
    await units.client('scanner').send('POST', `/api/v1/scans/${launched.json.id}/cancel`);
    const nowhere = await units.client('nobody').send('POST', '/api/v1/plans', scan);
    expect(nowhere.status).toBe(422);
    expectNothingOf(units.own, 'nobody plans', { ...nowhere, text: nowhere.text.replaceAll('10.61.0.7', '') });
  });

  it('tags and scans by tag what is its own alone', async () => {
    const made = await units
      .client('manager')
      .send('POST', '/api/v1/tags', { name: 'All', rule: { ranges: '0.0.0.0/0' } });
    const byHand = await units.client('manager').send('POST', '/api/v1/tags', { name: 'By hand' });
    const path = `/api/v1/tags/${byHand.json.id}/assets`;
    expect(
      (await units.client('manager').send('POST', path, { add: [units.own.asset, units.foreign.asset] })).status,
    ).toBe(200);
    for (const who of ['unit-manager', 'scanner'] as const) {
      expect((await units.client(who).send('POST', path, { remove: [units.foreign.asset] })).json.code).toBe(
        'asset.not-found',
      );
      for (const id of [made.json.id, byHand.json.id]) {
        const listed = await units.client(who).send('GET', `/api/v1/assets?tagId=${id}`);
        expectNothingOf(units.foreign, 'tagged', listed);
        expect(listed.json.total).toBe(id === made.json.id ? 2 : 1);
        const scan = { kind: 'scan', networkId: units.own.network, targets: '', tagIds: [id] };
        expect((await units.client(who).send('POST', '/api/v1/plans', scan)).json).toMatchObject({ addresses: '1' });
      }
      expect((await units.client(who).send('GET', `/api/v1/tags/${made.json.id}`)).json.rule).toBeNull();
    }
    expect((await units.client('reader').send('POST', path, { add: [units.own.asset] })).status).toBe(403);
    for (const id of [made.json.id, byHand.json.id]) await units.client('manager').send('DELETE', `/api/v1/tags/${id}`);
  });

  it('does not see a job that also covers what is not its own, and sees the hosts that it found', async () => {
    const job = {
      kind: 'map',
      networkId: units.shared,
      targets: '172.20.61.0/24 172.20.62.0/24',
      title: 'both halves',
    };
    const both = await units.client('manager').send('POST', '/api/v1/scans', job);
    expect(both.status).toBe(201);
    for (const who of confined)
      expect((await units.client(who).send('GET', `/api/v1/scans/${both.json.id}`)).status).toBe(404);
    expect((await units.client('auditor').send('GET', `/api/v1/scans/${both.json.id}`)).status).toBe(200);
    await units.client('manager').send('POST', `/api/v1/scans/${both.json.id}/cancel`);
    const half = await units.client('manager').send('POST', '/api/v1/scans', { ...job, targets: '172.20.61.0/25' });
    for (const who of confined)
      expect((await units.client(who).send('GET', `/api/v1/scans/${half.json.id}`)).status).toBe(200);
    await units.client('manager').send('POST', `/api/v1/scans/${half.json.id}/cancel`);
  });

  it('changed nothing of the other unit', () => expectForeignUnchanged(units));
});
