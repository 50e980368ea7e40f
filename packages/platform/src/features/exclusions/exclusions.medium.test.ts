import { parseRange } from '@picket/base/ip';
import { intersect, rangeSet } from '@picket/base/range-set';
import type { Lease, SignedLease } from '@picket/contracts/lease';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canRun, databaseKinds } from '../../storage/testing.ts';
import { hostUp, portsDone, sliceEnd } from '../testing/events.ts';
import { type PlatformUnderTest, withPlatform } from '../testing/platform-under-test.ts';
import type { ScriptedAppliance } from '../testing/scripted-appliance.ts';

const now = () => new Date().toISOString();
const noLease: SignedLease = { payload: '', signature: '', keyId: '' };

function setOf(texts: readonly string[]) {
  return rangeSet(
    texts.map((text) => {
      const range = parseRange(text);
      if (!range.ok) throw new Error(text);
      return range.value;
    }),
  );
}

async function made(under: PlatformUnderTest, path: string, body: unknown): Promise<number> {
  const answer = await under.api('POST', path, body);
  expect([path, answer.status, answer.json.errors]).toEqual([path, 201, undefined]);
  return answer.json.id;
}

const exclude = (under: PlatformUnderTest, targets: string) =>
  made(under, '/api/v1/exclusions', { targets, reason: 'A controller that stops when it is scanned' });

async function nextLease(box: ScriptedAppliance): Promise<Lease | null> {
  const [signed] = (await box.poll({ capacity: 1 })).granted;
  return signed ? box.openLease(signed) : null;
}

/** Leases and ends slices until none is left; all addresses that were leased. */
async function runOut(box: ScriptedAppliance): Promise<readonly string[]> {
  const blocks: string[] = [];
  for (let lease = await nextLease(box); lease; lease = await nextLease(box)) {
    blocks.push(...lease.blocks);
    expect(intersect(setOf(lease.blocks), setOf(lease.exclusions))).toEqual([]);
    expect((await box.upload(box.spool(lease, [sliceEnd(now())]))).status).toBe(200);
  }
  return blocks;
}

describe.each(databaseKinds)('exclusions of the subscription, %s', (kind) => {
  it.skipIf(!canRun(kind))('are made, changed and lifted by a Manager with a reason, each in the audit log', () =>
    withPlatform(kind, async (under) => {
      const id = await exclude(under, '10.0.0.7, 10.0.0.8-9 localhost');
      const path = `/api/v1/exclusions/${id}`;
      expect((await under.api('GET', path)).json).toMatchObject({
        targets: '10.0.0.7, 10.0.0.8-9 localhost',
        names: [{ name: 'localhost', addresses: expect.arrayContaining(['127.0.0.1']) }],
        ranges: expect.arrayContaining(['10.0.0.7-10.0.0.9', '127.0.0.1']),
        reason: 'A controller that stops when it is scanned',
      });
      const changed = await under.api('PUT', path, { targets: 'fd00::/64', reason: 'Lab' });
      expect(changed.json).toMatchObject({ addresses: '18446744073709551616', names: [] });
      for (const [targets, item] of [
        ['', undefined],
        ['10.0.0.0/33', '10.0.0.0/33'],
        ['no-such-host.invalid', 'no-such-host.invalid'],
      ] as const) {
        const refused = await under.api('POST', '/api/v1/exclusions', { targets, reason: 'x' });
        expect(refused).toMatchObject({
          status: 400,
          json: { code: 'exclusion.invalid', errors: [{ field: 'targets' }] },
        });
        expect(refused.json.errors[0].item).toBe(item);
      }
      expect((await under.api('POST', '/api/v1/exclusions', { targets: '10.0.0.1', reason: ' ' })).status).toBe(400);
      expect((await under.api('GET', '/api/v1/exclusions')).json).toMatchObject({ total: 1, nextCursor: null });
      expect((await under.api('DELETE', path)).status).toBe(204);
      expect(await under.api('GET', path)).toMatchObject({ status: 404, json: { code: 'exclusion.not-found' } });
      const audit = await under.api('GET', '/api/v1/audit?limit=3');
      expect(audit.json.items.map((entry: { action: string }) => entry.action)).toEqual([
        'exclusion.delete',
        'exclusion.update',
        'exclusion.create',
      ]);
    }),
  );

  it.skipIf(!canRun(kind))('are told apart from those of network, group and request in a plan, and leave nothing', () =>
    withPlatform(kind, async (under) => {
      const { json: network } = await under.api('POST', '/api/v1/networks', {
        name: 'Plant',
        ranges: '10.0.0.0/24',
        exclusions: '10.0.0.1-3',
      });
      const group = await made(under, '/api/v1/asset-groups', {
        name: 'Presses',
        networks: [{ networkId: network.id, ranges: '10.0.0.0/25', exclusions: '10.0.0.10-19' }],
      });
      await exclude(under, '10.0.0.0/30 10.0.0.99');
      const request = { kind: 'map', networkId: network.id, targets: '10.0.0.10-10.0.0.12', assetGroupIds: [group] };
      const { json: plan } = await under.api('POST', '/api/v1/plans', { ...request, exclude: '10.0.0.12 10.0.0.50' });
      // 128 of the group, without 10 of its own, 4 and 1 of the subscription, 1 of the request beside the group's.
      expect(plan.addresses).toBe('112');
      expect(plan.excluded).toEqual([
        { source: 'subscription', name: null, addresses: '5' },
        { source: 'asset-group', name: 'Presses', addresses: '10' },
        { source: 'network', name: 'Plant', addresses: '3' },
        { source: 'scan', name: null, addresses: '2' },
      ]);
      const none = await under.api('POST', '/api/v1/plans', { ...request, assetGroupIds: [], targets: '10.0.0.99' });
      expect(none).toMatchObject({ status: 422, json: { errors: [{ field: 'exclude' }] } });
    }),
  );

  it.skipIf(!canRun(kind))(
    'made after the launch hold for every slice from then on, and end the leases that hold one',
    () =>
      withPlatform(kind, async (under) => {
        const network = await under.network('10.0.0.0/16');
        const box = await under.appliance(network);
        const launched = await made(under, '/api/v1/scans', {
          kind: 'scan',
          networkId: network,
          targets: '10.0.0.0/24 10.0.9.0/30',
          ports: '80',
        });
        const held = box.openLease((await box.poll()).granted[0] ?? noLease);
        await box.upload(box.spool(held, hostUp(held, '10.0.0.7', now())));
        const waiting = box.poll({
          leases: [{ leaseId: held.leaseId, state: 'running' }],
          capacity: 1,
          waitSeconds: 20,
        });
        const began = performance.now();
        await exclude(under, '10.0.0.7 10.0.9.0/24');
        const answer = await waiting;
        // Well before the poll would be answered without news.
        expect(performance.now() - began).toBeLessThan(15_000);
        expect(answer.leases).toMatchObject([{ leaseId: held.leaseId, desired: 'stop' }]);
        const anew = box.openLease(answer.granted[0] ?? noLease);
        expect(anew).toMatchObject({
          sliceId: held.sliceId,
          attempt: 2,
          blocks: ['10.0.0.0-10.0.0.6', '10.0.0.8-10.0.0.255'],
        });
        // What the old lease still says of the address, or of the whole block, is not taken over.
        const late = [
          ...hostUp(held, '10.0.0.7', now()),
          {
            type: 'unit',
            unit: { phase: 'discovery', subject: '10.0.0.0-10.0.0.255' },
            time: now(),
            state: 'cancelled',
            reason: 'cancelled',
          } as const,
        ];
        await box.upload(box.spool(held, late));
        for (const subject of anew.blocks) {
          const unit = { phase: 'discovery', subject } as const;
          await box.upload(box.spool(anew, [{ type: 'unit', unit, time: now(), state: 'done', counts: {} }]));
        }
        await box.upload(box.spool(anew, [sliceEnd(now())]));
        const { json: scan } = await under.api('GET', `/api/v1/scans/${launched}`);
        expect(scan).toMatchObject({ status: 'finished', complete: true });
        expect(scan.notes).toMatchObject([
          { code: 'exclusion-applied', message: expect.stringContaining('5 addresses') },
        ]);
      }),
  );

  it.skipIf(!canRun(kind))('that leave nothing of a job end it at once, and it says what was done of it', () =>
    withPlatform(kind, async (under) => {
      const network = await under.network('10.0.0.0/16');
      const box = await under.appliance(network);
      const launch = (targets: string) =>
        made(under, '/api/v1/scans', { kind: 'scan', networkId: network, targets, ports: '80' });
      const read = async (id: number) => (await under.api('GET', `/api/v1/scans/${id}`)).json;

      const waiting = await launch('10.0.1.0/30');
      await exclude(under, '10.0.1.0/24');
      expect(await read(waiting)).toMatchObject({
        status: 'finished',
        complete: false,
        progress: 0,
        statusReason: expect.stringContaining('Nothing was scanned to the end: every address was excluded'),
        slices: { pending: 0, leased: 0, done: 0, cancelled: 1 },
        notes: [{ code: 'exclusion-applied', message: expect.stringContaining('4 addresses') }],
      });

      const started = await launch('10.0.2.7 10.0.3.7');
      const held = box.openLease((await box.poll()).granted[0] ?? noLease);
      const [unit] = hostUp(held, '10.0.2.7', now());
      expect(unit).toMatchObject({ unit: { subject: '10.0.2.7' } });
      await box.upload(
        box.spool(held, [...hostUp(held, '10.0.2.7', now()), ...portsDone('10.0.2.7', now(), 80, 'open')]),
      );
      // The overview says the same of it: the phases weighted, not the share of the ledger's rows.
      const { progress } = await read(started);
      expect(progress).toBeGreaterThan(0);
      const { runningScans } = (await under.api('GET', '/api/v1/overview')).json;
      expect(runningScans).toMatchObject([{ id: started, progress }]);
      // Sent before the lease was stored, it does not name it; the one that goes beside it does.
      const waits = box.poll({ leases: [], capacity: 0, waitSeconds: 20 });
      await box.poll({ leases: [{ leaseId: held.leaseId, state: 'running' }], capacity: 0, beside: true });
      const began = performance.now();
      await exclude(under, '10.0.2.0/23');
      const cut = await read(started);
      await waits;
      // Well before it would be answered without news.
      expect(performance.now() - began).toBeLessThan(15_000);
      expect(cut).toMatchObject({
        status: 'finished',
        complete: true,
        statusReason: expect.stringContaining('excluded after the launch were not scanned'),
        openPorts: 1,
      });
      const told = await box.poll({ leases: [{ leaseId: held.leaseId, state: 'running' }], capacity: 1 });
      expect(told).toMatchObject({ leases: [{ leaseId: held.leaseId, desired: 'stop' }], granted: [] });
      // What it says of its end comes after the job's, and changes nothing.
      await box.upload(box.spool(held, [...hostUp(held, '10.0.3.7', now()), sliceEnd(now(), 'stopped')]));
      expect(await read(started)).toMatchObject({ status: 'finished', endedAt: cut.endedAt, hostsUp: 1 });
    }),
  );

  it.skipIf(!canRun(kind))('found only when a slice is granted are told to who held it in the same answer', () =>
    withPlatform(kind, async (under) => {
      const network = await under.network('10.0.0.0/16');
      const box = await under.appliance(network);
      await made(under, '/api/v1/scans', { kind: 'map', networkId: network, targets: '10.0.0.0/19' });
      const held = box.openLease((await box.poll()).granted[0] ?? noLease);
      // Written beside a launch: nobody has taken it out of the job yet.
      const { subscription_id, id: exclusion_id } = await under.database.db
        .insertInto('exclusion')
        .values({ subscription_id: 1, targets: '10.0.0.7', names: '[]', reason: 'A controller', updated_by: 'Ada' })
        .returning(['subscription_id', 'id'])
        .executeTakeFirstOrThrow();
      await under.database.db
        .insertInto('exclusion_range')
        .values({ subscription_id, exclusion_id, first_address: '10.0.0.7', last_address: '10.0.0.7' })
        .execute();
      const answer = await box.poll({ leases: [{ leaseId: held.leaseId, state: 'running' }], capacity: 1 });
      expect(answer.leases).toMatchObject([{ leaseId: held.leaseId, desired: 'stop' }]);
      expect(answer.granted.map((lease) => box.openLease(lease).sliceId)).toEqual([held.sliceId]);
    }),
  );

  it.skipIf(!canRun(kind))('lifted later come back with the next plan, not in a job that is under way', () =>
    withPlatform(kind, async (under) => {
      const network = await under.network('10.0.0.0/24');
      const box = await under.appliance(network);
      const request = { kind: 'map', networkId: network, targets: '10.0.0.0/30' };
      await made(under, '/api/v1/scans', request);
      const id = await exclude(under, '10.0.0.1');
      expect((await under.api('DELETE', `/api/v1/exclusions/${id}`)).status).toBe(204);
      expect(await runOut(box)).toEqual(['10.0.0.0', '10.0.0.2-10.0.0.3']);
      await made(under, '/api/v1/scans', request);
      expect(await runOut(box)).toEqual(['10.0.0.0-10.0.0.3']);
    }),
  );

  it.skipIf(!canRun(kind))('hold for a run of a schedule as they are when it begins', () =>
    withPlatform(kind, async (under) => {
      const network = await under.network('10.0.0.0/24');
      const scan = { kind: 'map', networkId: network, targets: '10.0.0.0/30' };
      const schedule = { name: 'Nightly', zone: 'UTC', recurrence: { kind: 'once', start: '2040-01-01T00:00' }, scan };
      const box = await under.appliance(network);
      const id = await made(under, '/api/v1/schedules', schedule);
      const run = () => under.api('POST', `/api/v1/schedules/${id}/run`);
      expect((await run()).json).toMatchObject({ outcome: 'launched' });
      expect(await runOut(box)).toEqual(['10.0.0.0-10.0.0.3']);
      await exclude(under, '10.0.0.3');
      const second = await run();
      expect(await runOut(box)).toEqual(['10.0.0.0-10.0.0.2']);
      expect((await under.api('GET', `/api/v1/scans/${second.json.scanId}`)).json.plan.excluded).toEqual([
        { source: 'subscription', name: null, addresses: '1' },
      ]);
    }),
  );

  it.skipIf(!canRun(kind))(
    'no address of any source is ever in a leased slice, whenever the source came',
    () =>
      withPlatform(kind, async (under) => {
        const network = await under.network('10.0.0.0/16');
        const box = await under.appliance(network);
        const place = fc
          .tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 250 }), fc.integer({ min: 0, max: 5 }))
          .map(([third, from, size]) => `10.0.${third}.${from}-10.0.${third}.${from + size}`);
        const times = fc.constantFrom('before', 'waiting', 'running');
        const sources = fc.constantFrom('subscription', 'network', 'asset-group', 'scan');
        const steps = fc.array(fc.tuple(sources, times, place), { minLength: 1, maxLength: 4 });
        let round = 0;
        await fc.assert(
          fc.asyncProperty(steps, async (given) => {
            round += 1;
            const of = (source: string, time: string) =>
              given.filter((one) => one[0] === source && (one[1] === time || time === 'ever')).map((one) => one[2]);
            const ids: number[] = [];
            const group = await made(under, '/api/v1/asset-groups', {
              name: `Group ${round}`,
              networks: [
                { networkId: network, ranges: '10.0.0.0/22', exclusions: of('asset-group', 'before').join(' ') },
              ],
            });
            const set = async (time: 'before' | 'waiting' | 'running') => {
              const until = {
                before: ['before'],
                waiting: ['before', 'waiting'],
                running: ['before', 'waiting', 'running'],
              }[time];
              const all = (source: string) => until.flatMap((one) => of(source, one)).join(' ');
              for (const targets of of('subscription', time)) ids.push(await exclude(under, targets));
              await under.api('PUT', `/api/v1/networks/${network}`, {
                name: 'Test',
                ranges: '10.0.0.0/16',
                exclusions: all('network'),
                applianceIds: [box.applianceId],
              });
              await under.api('PUT', `/api/v1/asset-groups/${group}`, {
                name: `Group ${round}`,
                networks: [{ networkId: network, ranges: '10.0.0.0/22', exclusions: all('asset-group') }],
              });
            };
            await set('before');
            await made(under, '/api/v1/scans', {
              kind: 'map',
              networkId: network,
              targets: '10.0.0.0/23',
              assetGroupIds: [group],
              exclude: of('scan', 'ever').join(' '),
            });
            await set('waiting');
            const first = await nextLease(box);
            await set('running');
            const told = first
              ? await box.poll({ leases: [{ leaseId: first.leaseId, state: 'running' }], capacity: 0 })
              : null;
            const goesOn = first !== null && told?.leases[0]?.desired === 'run';
            if (first && goesOn) await box.upload(box.spool(first, [sliceEnd(now())]));
            const leased = setOf([...(goesOn ? first.blocks : []), ...(await runOut(box))]);
            const excluded = setOf(given.map((one) => one[2]));
            expect(intersect(leased, excluded)).toEqual([]);
            for (const id of ids) await under.api('DELETE', `/api/v1/exclusions/${id}`);
            await under.api('DELETE', `/api/v1/asset-groups/${group}`);
          }),
          { numRuns: 12 },
        );
      }),
    60_000,
  );
});
