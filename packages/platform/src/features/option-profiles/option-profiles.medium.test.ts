import { describe, expect, it } from 'vitest';
import { withTestPlatform } from '../../server/testing.ts';
import { canRun, databaseKinds } from '../../storage/testing.ts';

const url = '/api/v1/option-profiles';
const options = { ports: '22,443', profile: 'gentle', rate: 100, assumeAlive: true, checks: false };

describe.each(databaseKinds)('option profiles, %s', (kind) => {
  it.skipIf(!canRun(kind))(
    'of a Manager are for everybody, others are their owner’s, built-in ones stay as they are',
    () =>
      withTestPlatform(kind, async (running) => {
        const manager = await running.signedIn('manager');
        const scanner = await running.signedIn('scanner');
        const head = await running.signedIn('unit-manager');
        const reader = await running.signedIn('reader');
        const made = await manager.send('POST', url, { name: 'Printers', options });
        expect(made).toMatchObject({
          status: 201,
          json: { version: 1, everybody: true, mayChange: true, options: { services: true, ...options } },
        });
        const own = await scanner.send('POST', url, { name: 'printers', options: { ports: 'top100' } });
        expect(own).toMatchObject({ status: 201, json: { everybody: false, owner: expect.any(String) } });
        const names = async (who: typeof manager) =>
          (await who.send('GET', url)).json.items.map((one: { name: string }) => one.name);
        expect(await names(manager)).toEqual(['Gentle', 'Normal', 'Fast', 'Printers', 'printers']);
        expect(await names(scanner)).toEqual(['Gentle', 'Normal', 'Fast', 'Printers', 'printers']);
        expect(await names(head)).toEqual(['Gentle', 'Normal', 'Fast', 'Printers']);
        const pages = await manager.send('GET', `${url}?limit=2`);
        expect(pages.json).toMatchObject({ total: 5, items: [{ name: 'Gentle' }, { name: 'Normal' }] });
        const rest = await manager.send('GET', `${url}?limit=2&cursor=${pages.json.nextCursor}`);
        expect(rest.json.items).toMatchObject([{ name: 'Fast', builtIn: true }, { name: 'Printers' }]);

        expect((await scanner.send('PUT', `${url}/${made.json.id}`, { name: 'Mine', options })).json.code).toBe(
          'profile.not-yours',
        );
        expect((await head.send('DELETE', `${url}/${own.json.id}`)).json.code).toBe('profile.not-found');
        expect((await reader.send('POST', url, { name: 'X', options })).status).toBe(403);
        expect((await manager.send('DELETE', `${url}/2`)).json.code).toBe('profile.built-in');
        expect((await manager.send('PUT', `${url}/2`, { name: 'X', options })).json.code).toBe('profile.built-in');
        expect((await manager.send('POST', url, { name: 'PRINTERS', options })).json.code).toBe('profile.name-taken');
        const wrong = await scanner.send('POST', url, { name: 'X', options: { ports: '99999', intrusive: true } });
        expect(wrong).toMatchObject({ status: 400, json: { code: 'profile.invalid' } });
        expect(wrong.json.errors.map((fault: { field: string }) => fault.field)).toEqual([
          'options.ports',
          'options.intrusive',
        ]);
        const audit = await manager.send('GET', '/api/v1/audit?limit=2&action=option-profile.create');
        expect(audit.json.items[0]).toMatchObject({ detail: { name: 'printers', ports: 'top100' } });
      }),
  );

  it.skipIf(!canRun(kind))('are copied into a job at its launch, which says which version it ran with', () =>
    withTestPlatform(kind, async (running) => {
      const manager = await running.signedIn('manager');
      const scanner = await running.signedIn('scanner');
      const network = await manager.send('POST', '/api/v1/networks', { name: 'Office', ranges: '10.0.0.0/24' });
      const profile = await manager.send('POST', url, { name: 'Printers', options });
      const path = `${url}/${profile.json.id}`;
      const request = {
        kind: 'scan',
        networkId: network.json.id,
        targets: '10.0.0.7',
        ports: '80',
        profile: 'fast',
        rate: 7,
        optionProfileId: profile.json.id,
      };
      const first = await manager.send('POST', '/api/v1/scans', request);
      expect(first.status).toBe(201);
      await manager.send('PUT', path, { name: 'Printers', options: { ...options, ports: '9100', rate: undefined } });
      const second = await manager.send('POST', '/api/v1/scans', request);
      const detail = async (id: number) => (await manager.send('GET', `/api/v1/scans/${id}`)).json;
      expect(await detail(first.json.id)).toMatchObject({
        request: { ports: '22,443', profile: 'gentle', rate: 100, assumeAlive: true, checks: false },
        plan: { ports: 2, rate: 100, optionProfile: { id: profile.json.id, name: 'Printers', version: 1 } },
      });
      const later = await detail(second.json.id);
      expect(later).toMatchObject({
        plan: { ports: 1, rate: 200, optionProfile: { version: 2 } },
        request: { ports: '9100' },
      });
      expect(later.request.rate).toBeUndefined();

      await manager.send('PUT', path, { name: 'Printers', options: { intrusive: true } });
      const refused = await scanner.send('POST', '/api/v1/plans', request);
      expect(refused).toMatchObject({ status: 422, json: { errors: [{ field: 'intrusive' }] } });
      const none = await scanner.send('POST', '/api/v1/plans', { ...request, optionProfileId: 999 });
      expect(none).toMatchObject({ status: 422, json: { errors: [{ field: 'optionProfileId', item: '999' }] } });
    }),
  );

  it.skipIf(!canRun(kind))('that a schedule uses are not deleted, and the schedules are named', () =>
    withTestPlatform(kind, async (running) => {
      const manager = await running.signedIn('manager');
      const scanner = await running.signedIn('scanner');
      const network = await manager.send('POST', '/api/v1/networks', { name: 'Office', ranges: '10.0.0.0/24' });
      const profile = await scanner.send('POST', url, { name: 'Mine', options: { ports: '22' } });
      const scan = { kind: 'scan', networkId: network.json.id, targets: '10.0.0.7', optionProfileId: profile.json.id };
      const schedule = { name: 'Nightly', zone: 'UTC', recurrence: { kind: 'once', start: '2040-01-01T00:00' }, scan };
      const saved = await scanner.send('POST', '/api/v1/schedules', schedule);
      expect(saved.status).toBe(201);
      const path = `${url}/${profile.json.id}`;
      expect(await scanner.send('DELETE', path)).toMatchObject({
        status: 409,
        json: { code: 'profile.in-use', detail: 'The option profile Mine is used by schedules: "Nightly".' },
      });
      expect((await scanner.send('GET', path)).json.schedules).toBe(1);
      const foreign = await (await running.signedIn('unit-manager')).send('POST', '/api/v1/schedules', schedule);
      expect(foreign).toMatchObject({ status: 400, json: { errors: [{ field: 'scan.optionProfileId' }] } });
      await scanner.send('DELETE', `/api/v1/schedules/${saved.json.id}`);
      expect((await scanner.send('DELETE', path)).status).toBe(204);
      expect((await scanner.send('GET', path)).status).toBe(404);
    }),
  );
});
