import { randomUUID } from 'node:crypto';
import { appliancePaths } from '@picket/contracts/protocol';
import { describe, expect, it } from 'vitest';
import { canRun, databaseKinds } from '../../storage/testing.ts';
import { withPlatform } from '../testing/platform-under-test.ts';

describe.each(databaseKinds)('appliances on the %s database', (kind) => {
  it.skipIf(!canRun(kind))(
    'a request that was altered, replayed, unsigned or of an unknown level is refused with a signed reason',
    () =>
      withPlatform(kind, async (under) => {
        const box = await under.appliance(await under.network('10.0.0.0/24'));
        await box.poll();
        const used = await box.rawPoll({}, { sequence: box.sequence });
        expect(used).toMatchObject({ status: 401, signed: true, problem: { code: 'appliance.replayed' } });
        const cut = await box.rawPoll({}, { tamper: (body) => body.subarray(0, body.length - 1) });
        expect(cut).toMatchObject({ status: 401, signed: true, problem: { code: 'appliance.digest-mismatch' } });
        const level = await box.rawPoll({}, { level: '2' });
        expect(level).toMatchObject({ status: 426, signed: true, problem: { code: 'protocol.level-unsupported' } });
        const moved = await box.json(appliancePaths.poll, box.pollMessage(), {
          headers: { 'picket-sequence': '9999' },
        });
        expect(moved).toMatchObject({ status: 401, problem: { code: 'appliance.signature-invalid' } });
        expect(await under.device().rawPoll()).toMatchObject({ status: 401, problem: { code: 'appliance.revoked' } });
        await box.poll();
      }),
  );

  it.skipIf(!canRun(kind))(
    'of requests at once under few numbers, one passes for each number and none for a used one',
    () =>
      withPlatform(kind, async (under) => {
        const box = await under.appliance(await under.network('10.0.0.0/24'));
        await box.poll();
        const first = box.sequence + 1;
        for (let round = 0; round < 5; round += 1) {
          const numbers = Array.from({ length: 4 }, (_, index) => first + round * 4 + index);
          const sent = [...numbers, ...numbers.toReversed(), ...numbers].map(async (sequence) => {
            const { status, problem } = await box.rawPoll({}, { sequence });
            return { sequence, passed: status === 200, code: problem?.code ?? null };
          });
          const answers = await Promise.all(sent);
          expect(
            answers
              .filter(({ passed }) => passed)
              .map(({ sequence }) => sequence)
              .toSorted((a, b) => a - b),
          ).toEqual(numbers);
          const refused = new Set(answers.filter(({ passed }) => !passed).map(({ code }) => code));
          expect([...refused]).toEqual(['appliance.replayed']);
          // A number that passed beside others is not forgotten by what they wrote.
          for (const sequence of numbers) expect((await box.rawPoll({}, { sequence })).status).toBe(401);
        }
      }),
  );

  it.skipIf(!canRun(kind))(
    'a restart is fine; two machines with one key are noticed, get nothing, and a Manager clears it',
    () =>
      withPlatform(kind, async (under) => {
        const network = await under.network('10.0.0.0/24');
        const box = await under.appliance(network);
        await box.poll();
        const copy = box.clone(under.platform.caPem ?? '');
        await copy.poll();
        under.advance(10_000);
        await under.api('POST', '/api/v1/scans', { kind: 'map', networkId: network, targets: '10.0.0.7' });
        expect(await box.rawPoll()).toMatchObject({
          status: 409,
          signed: true,
          problem: { code: 'appliance.clone-suspected' },
        });
        expect(await copy.rawPoll()).toMatchObject({ status: 409, problem: { code: 'appliance.clone-suspected' } });
        const path = `/api/v1/appliances/${box.applianceId}`;
        expect((await under.api('GET', path)).json).toMatchObject({ state: 'suspect', online: false });
        const audit = (await under.api('GET', '/api/v1/audit')).json.items;
        expect(audit.map((entry: { action: string }) => entry.action)).toContain('appliance.clone-suspected');
        copy.close();
        expect((await under.api('POST', `${path}/clear-suspicion`)).json).toMatchObject({ state: 'active' });
        expect((await box.poll()).granted).toHaveLength(1);
        expect((await under.api('POST', `${path}/clear-suspicion`)).status).toBe(409);
      }),
  );

  it.skipIf(!canRun(kind))('revoking and deleting end a held poll at once and give the work back', () =>
    withPlatform(kind, async (under) => {
      const network = await under.network('10.0.0.0/24');
      for (const [method, suffix, status] of [
        ['POST', '/revoke', 410],
        ['DELETE', '', 410],
      ] as const) {
        const box = await under.appliance(network);
        await under.api('POST', '/api/v1/scans', { kind: 'map', networkId: network, targets: '10.0.0.7' });
        const [signed] = (await box.poll()).granted;
        if (!signed) throw new Error('no lease was granted');
        const lease = box.openLease(signed);
        const held = box.rawPoll({
          waitSeconds: 20,
          capacity: 0,
          leases: [{ leaseId: lease.leaseId, state: 'running' }],
        });
        const path = `/api/v1/appliances/${box.applianceId}`;
        while ((await under.api('GET', path)).json.connection !== 'long-poll');
        expect((await under.api(method, `${path}${suffix}`)).status).toBe(204);
        expect(await held).toMatchObject({ status, signed: true, problem: { code: 'appliance.revoked' } });
        expect((await under.api('GET', `/api/v1/scans/${lease.scanId}`)).json.slices).toMatchObject({
          pending: 1,
          leased: 0,
        });
        expect((await box.rawPoll()).problem?.code).toBe('appliance.revoked');
        expect((await under.api('GET', path)).status).toBe(404);
        await under.api('POST', `/api/v1/scans/${lease.scanId}/cancel`);
      }
    }),
  );

  it.skipIf(!canRun(kind))('names, intervals and networks can be changed, and the next poll tells them', () =>
    withPlatform(kind, async (under) => {
      const network = await under.network('10.0.0.0/24');
      const box = await under.appliance(network, 'one');
      await under.appliance(network, 'two');
      const path = `/api/v1/appliances/${box.applianceId}`;
      expect((await under.api('PATCH', path, { name: 'Two' })).json.code).toBe('appliance.name-taken');
      expect((await under.api('PATCH', path, { pollIntervalSeconds: 5 })).status).toBe(400);
      expect((await under.api('PATCH', path, { networkIds: [999] })).json.code).toBe('appliance.network-unknown');
      const changed = await under.api('PATCH', path, { name: 'three', pollIntervalSeconds: 60, networkIds: [] });
      expect(changed.json).toMatchObject({ name: 'three', pollIntervalSeconds: 60, networkIds: [] });
      expect((await box.poll()).settings).toEqual({ name: 'three', pollIntervalSeconds: 60, longPoll: true });
    }),
  );

  it.skipIf(!canRun(kind))('a held poll is answered at once when name or interval change, and not before', () =>
    withPlatform(kind, async (under) => {
      const network = await under.network('10.0.0.0/24');
      const other = await under.appliance(network, 'other');
      for (const settings of [undefined, { name: 'told-by-it', pollIntervalSeconds: 180 }]) {
        const box = await under.appliance(network, 'told-by-it');
        const path = `/api/v1/appliances/${box.applianceId}`;
        const known = settings === undefined ? {} : { settings };
        let answered = false;
        const held = box.poll({ waitSeconds: 20, capacity: 0, ...known }).finally(() => (answered = true));
        while ((await under.api('GET', path)).json.connection !== 'long-poll');
        await under.api('PATCH', path, { heartbeatSeconds: 600 });
        expect(answered).toBe(false);
        await under.api('PATCH', path, { pollIntervalSeconds: 60 });
        // One without news is answered later than this one, though its hold is over long before.
        const idle = other.poll({ waitSeconds: 3, capacity: 0 }).then(() => 'idle');
        const first = await Promise.race([held.then(({ settings: told }) => told.pollIntervalSeconds), idle]);
        expect(first).toBe(60);
        await idle;
        if (settings) {
          // What was missed while no poll was held is told by the next one.
          expect((await box.poll({ waitSeconds: 20, capacity: 0, ...known })).settings.pollIntervalSeconds).toBe(60);
        }
        await under.api('DELETE', path);
      }
    }),
  );

  it.skipIf(!canRun(kind))('an appliance is asked to examine its way once, and its report is shown', () =>
    withPlatform(kind, async (under) => {
      const box = await under.appliance(await under.network('10.0.0.0/24'));
      const path = `/api/v1/appliances/${box.applianceId}/doctor`;
      expect((await under.api('GET', path)).json).toMatchObject({ state: 'none', report: null });
      expect((await box.poll()).settings.examine).toBeUndefined();
      const held = box.poll({ waitSeconds: 20, capacity: 0 });
      const asked = await under.api('POST', path);
      expect(asked).toMatchObject({
        status: 202,
        json: { state: 'waiting', requestedBy: 'local-admin', report: null },
      });
      const { examine } = (await held).settings;
      expect(examine?.id).toMatch(/^[0-9a-f-]{36}$/);
      expect((await box.poll()).settings.examine).toEqual(examine);
      const report = {
        steps: [{ part: 'clock', outcome: 'warning', detail: '90 s behind' }] as const,
        error: null,
        endedAt: '2026-11-29T00:00:00.000Z',
      };
      await box.poll({ doctor: { id: randomUUID(), report: { ...report, steps: [] } } });
      expect((await under.api('GET', path)).json.state).toBe('waiting');
      const told = await box.poll({
        doctor: { id: examine?.id ?? '', report: { ...report, steps: [...report.steps] } },
      });
      expect(told.settings.examine).toBeUndefined();
      expect((await under.api('GET', path)).json).toMatchObject({ state: 'done', report });
      expect((await under.api('POST', path)).json).toMatchObject({ state: 'waiting', report: null });
      expect((await under.api('GET', '/api/v1/appliances/999/doctor')).status).toBe(404);
      expect((await under.api('POST', '/api/v1/appliances/999/doctor')).status).toBe(404);
      const waiting = await under.api('POST', '/api/v1/appliances/provision', { name: 'later' });
      const other = `/api/v1/appliances/${waiting.json.appliance.id}/doctor`;
      expect((await under.api('POST', other)).json.code).toBe('appliance.not-active');
    }),
  );

  it.skipIf(!canRun(kind))(
    'network errors that an appliance tells of are listed, newest first, and their end is filled in',
    () =>
      withPlatform(kind, async (under) => {
        const box = await under.appliance(await under.network('10.0.0.0/24'));
        const path = `/api/v1/appliances/${box.applianceId}/network-errors`;
        expect((await under.api('GET', path)).json).toEqual({ items: [], nextCursor: null, total: 0 });
        const cable = { code: '13', description: 'LAN no CARRIER', eCode: 'E10', raisedAt: '2026-11-29T05:00:00.000Z' };
        const names = { code: '06', description: 'LAN DNS failed', eCode: 'E05', raisedAt: '2026-11-29T06:00:00.000Z' };
        const [first, second] = [randomUUID(), randomUUID()];
        await box.poll({
          networkErrors: [
            { id: first, ...cable, clearedAt: '2026-11-29T05:04:00.000Z' },
            { id: second, ...names, clearedAt: null },
          ],
        });
        expect((await under.api('GET', path)).json.items).toMatchObject([
          { ...names, kind: 'network-error', clearedAt: null },
          { ...cable, clearedAt: '2026-11-29T05:04:00.000Z' },
        ]);
        await box.poll({ networkErrors: [{ id: second, ...names, clearedAt: '2026-11-29T06:10:00.000Z' }] });
        const { items } = (await under.api('GET', path)).json;
        expect(items).toHaveLength(2);
        expect(items[0]).toMatchObject({ eCode: 'E05', clearedAt: '2026-11-29T06:10:00.000Z' });
        expect((await under.api('GET', '/api/v1/appliances/999/network-errors')).status).toBe(404);
        const lost = { description: 'PK con timeout', eCode: 'E06', raisedAt: '2026-11-29T06:30:00.000Z' };
        await box.poll({
          communicationFailures: [{ id: randomUUID(), ...lost, clearedAt: '2026-11-29T06:40:00.000Z' }],
        });
        expect((await under.api('GET', path)).json.items[0]).toMatchObject({
          ...lost,
          kind: 'communication-failure',
          code: null,
        });

        for (let at = 0; at < 112; at += 16)
          await box.poll({
            networkErrors: Array.from({ length: 16 }, (_, more) => ({
              ...cable,
              id: randomUUID(),
              raisedAt: new Date(Date.UTC(2026, 10, 29, 7, at + more)).toISOString(),
              clearedAt: null,
            })),
          });
        const kept = (await under.api('GET', path)).json.items;
        expect(kept).toHaveLength(100);
        expect(kept[0].raisedAt).toBe('2026-11-29T08:51:00.000Z');
        expect(kept.some(({ eCode }: { eCode: string }) => eCode === 'E05')).toBe(false);
        expect(
          (await box.rawPoll({ networkErrors: [{ id: first, ...cable, eCode: 'F1', clearedAt: null }] })).status,
        ).toBe(400);
      }),
  );
});
