import { describe, expect, it } from 'vitest';
import { canRun, databaseKinds } from '../../storage/testing.ts';
import { hostUp, portsDone, sliceEnd } from '../testing/events.ts';
import { type PlatformUnderTest, withPlatform } from '../testing/platform-under-test.ts';

const now = () => new Date().toISOString();
const noLease = { payload: '', signature: '', keyId: '' };

/** A scan that found two hosts, one with port 443 open. */
async function scanned(
  under: PlatformUnderTest,
): Promise<{ network: number; scan: number; assets: Map<string, number> }> {
  const network = await under.network('10.0.0.0/24');
  const box = await under.appliance(network);
  const { json } = await under.api('POST', '/api/v1/scans', {
    kind: 'scan',
    networkId: network,
    targets: '10.0.0.0/24',
    ports: '443',
  });
  const lease = box.openLease((await box.poll()).granted[0] ?? noLease);
  const events = ['10.0.0.7', '10.0.0.9'].flatMap((address) => [
    ...hostUp(lease, address, now()),
    ...portsDone(address, now(), 443, address === '10.0.0.7' ? 'open' : 'closed'),
  ]);
  expect((await box.upload(box.spool(lease, [...events, sliceEnd(now())]))).status).toBe(200);
  const { items } = (await under.api('GET', '/api/v1/assets?sort=address')).json;
  const assets = new Map<string, number>(items.map((one: { address: string; id: number }) => [one.address, one.id]));
  expect([...assets.keys()]).toEqual(['10.0.0.7', '10.0.0.9']);
  return { network, scan: json.id, assets };
}

async function tag(under: PlatformUnderTest, name: string, rule: unknown = null): Promise<number> {
  const answer = await under.api('POST', '/api/v1/tags', { name, rule });
  expect(answer.status).toBe(201);
  return answer.json.id;
}

describe.each(databaseKinds)('tags, %s', (kind) => {
  it.skipIf(!canRun(kind))('by hand and by rule stand at their assets, filter the list and are targets', () =>
    withPlatform(kind, async (under) => {
      const { network, assets } = await scanned(under);
      const web = await tag(under, 'Web', { port: 443, protocol: 'tcp' });
      const low = await tag(under, 'Low', { networkId: network, ranges: '10.0.0.0-8' });
      const none = await tag(under, 'Windows', { os: 'windows' });
      const odd = await tag(under, 'Odd');
      const given = await under.api('POST', `/api/v1/tags/${odd}/assets`, { add: [assets.get('10.0.0.9')] });
      expect(given.status).toBe(200);
      const list = async (query: string) =>
        (await under.api('GET', `/api/v1/assets?sort=address${query}`)).json.items.map(
          (one: { address: string; tags: { name: string }[] }) => [one.address, ...one.tags.map((own) => own.name)],
        );
      expect(await list('')).toEqual([
        ['10.0.0.7', 'Low', 'Web'],
        ['10.0.0.9', 'Odd'],
      ]);
      expect(await list(`&tagId=${web}`)).toEqual([['10.0.0.7', 'Low', 'Web']]);
      expect((await under.api('GET', `/api/v1/assets?tagId=${none}`)).json).toMatchObject({ total: 0 });
      expect((await under.api('GET', `/api/v1/assets/${assets.get('10.0.0.9')}`)).json.tags).toEqual([
        { id: odd, name: 'Odd' },
      ]);

      const request = { kind: 'scan', networkId: network, targets: '', tagIds: [low, odd] };
      expect((await under.api('POST', '/api/v1/plans', request)).json).toMatchObject({ addresses: '2' });
      const empty = await under.api('POST', '/api/v1/plans', { ...request, tagIds: [none, 99] });
      expect(empty.json.errors).toEqual(
        expect.arrayContaining([
          {
            field: 'tagIds',
            item: String(none),
            message: 'No asset in the registered ranges of this network has the tag Windows.',
          },
          { field: 'tagIds', item: '99', message: 'There is no tag 99.' },
        ]),
      );
      await under.api('PUT', `/api/v1/networks/${network}`, { name: 'Test', ranges: '10.0.0.8/29' });
      expect((await under.api('POST', '/api/v1/plans', { ...request, tagIds: [odd] })).json).toMatchObject({
        addresses: '1',
      });
      const outside = await under.api('POST', '/api/v1/plans', { ...request, tagIds: [low] });
      expect(outside).toMatchObject({ status: 422 });
    }),
  );

  it.skipIf(!canRun(kind))('are kept by Managers, and not deleted while a schedule needs them', () =>
    withPlatform(kind, async (under) => {
      const network = await under.network('10.0.0.0/24');
      const odd = await tag(under, 'Odd');
      const path = `/api/v1/tags/${odd}`;
      expect((await under.api('POST', '/api/v1/tags', { name: 'ODD' })).json.code).toBe('tag.name-taken');
      for (const [rule, field] of [
        [{}, 'rule'],
        [{ ranges: 'www.example.org' }, 'rule.ranges'],
      ] as const) {
        const refused = await under.api('POST', '/api/v1/tags', { name: 'X', rule });
        expect(refused.json).toMatchObject({ code: 'tag.invalid', errors: [{ field }] });
      }
      expect((await under.api('POST', `${path}/assets`, { add: [999] })).json.code).toBe('asset.not-found');
      const scan = { kind: 'scan', networkId: network, targets: '10.0.0.1', tagIds: [odd] };
      const schedule = { name: 'Nightly', zone: 'UTC', recurrence: { kind: 'once', start: '2040-01-01T00:00' }, scan };
      const saved = await under.api('POST', '/api/v1/schedules', schedule);
      const kept = await under.api('DELETE', path);
      expect(kept).toMatchObject({
        status: 409,
        json: { code: 'tag.in-use', detail: 'The tag Odd is a target of schedules: "Nightly".' },
      });
      await under.api('DELETE', `/api/v1/schedules/${saved.json.id}`);
      expect((await under.api('PUT', path, { name: 'Odd', rule: { os: 'linux' } })).json).toMatchObject({
        kind: 'rule',
      });
      expect((await under.api('POST', `${path}/assets`, { add: [] })).json.code).toBe('tag.by-rule');
      expect((await under.api('DELETE', path)).status).toBe(204);
      expect((await under.api('GET', path)).status).toBe(404);
    }),
  );

  it.skipIf(!canRun(kind))('the hosts of a map are targets, all of them or those of some of its networks', () =>
    withPlatform(kind, async (under) => {
      const { network, scan } = await scanned(under);
      const other = await under.network('10.0.0.0/24', 'Other');
      const plan = (fromMap: unknown, networkId = network) =>
        under.api('POST', '/api/v1/plans', { kind: 'scan', networkId, targets: '', fromMap });
      expect((await plan({ id: scan })).json).toMatchObject({ addresses: '2' });
      expect((await plan({ id: scan, networks: ['10.0.0.8/29'] })).json).toMatchObject({ addresses: '1' });
      for (const [fromMap, networkId, message] of [
        [
          { id: scan, networks: ['10.0.0.128/25'] },
          network,
          `Map ${scan} has no host in 10.0.0.128-10.0.0.255 that is registered in this network.`,
        ],
        [{ id: scan, networks: ['everything'] }, network, '"everything" is no prefix.'],
        [{ id: 999 }, network, 'There is no map 999.'],
        [{ id: scan }, other, `Map ${scan} is of another network: the same address is another host there.`],
      ] as const) {
        const refused = await plan(fromMap, networkId);
        expect(refused.status).toBe(422);
        expect(refused.json.errors).toContainEqual(expect.objectContaining({ field: 'fromMap', message }));
      }
    }),
  );
});
