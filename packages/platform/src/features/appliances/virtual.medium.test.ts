import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startTestPlatform } from '../../server/testing.ts';
import { canRun, databaseKinds } from '../../storage/testing.ts';
import { type PlatformUnderTest, withPlatform } from '../testing/platform-under-test.ts';

const provision = (under: PlatformUnderTest, name: string) =>
  under.api('POST', '/api/v1/appliances/provision', { name });

describe.each(databaseKinds)('virtual appliances on the %s database', (kind) => {
  it.skipIf(!canRun(kind))('are five at most until a Manager raises the limit; one gone makes room for one', () =>
    withPlatform(kind, async (under) => {
      // A device with an activation code does not count.
      const box = await under.appliance(await under.network('10.0.0.0/24'), 'box');
      const path = '/api/v1/virtual-appliances';
      expect((await under.api('GET', path)).json).toEqual({ on: true, limit: 5, used: 0, image: null });
      const made = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => provision(under, name)));
      const fits = made.filter(({ status }) => status === 201).map(({ json }) => json.appliance.id);
      expect(fits).toHaveLength(5);
      expect(made.find(({ status }) => status !== 201)).toMatchObject({
        status: 409,
        json: {
          code: 'appliance.virtual-limit',
          detail: expect.stringContaining('5 is the limit'),
          hint: expect.stringContaining('raise the limit'),
        },
      });
      const replace = (id: number) => under.api('POST', `/api/v1/appliances/${id}/replace`, { by: 'personalization' });
      expect((await replace(fits[0])).status).toBe(200);
      expect((await replace(box.applianceId)).json.code).toBe('appliance.virtual-limit');
      await under.api('DELETE', `/api/v1/appliances/${fits[1]}`);
      expect((await provision(under, 'again')).status).toBe(201);
      expect((await under.api('PUT', path, { limit: 6 })).json).toMatchObject({ limit: 6, used: 5 });
      expect((await provision(under, 'sixth')).json.appliance.code).toMatchObject({ state: 'waiting' });
      expect((await provision(under, 'seventh')).json.detail).toContain('6 is the limit');
      expect((await under.api('GET', '/api/v1/audit')).json.items).toContainEqual(
        expect.objectContaining({ action: 'appliance.virtual-limit', detail: { limit: 6, before: 5 } }),
      );
    }),
  );

  it.skipIf(!canRun(kind))('are refused where they are switched off; those there are stay', () =>
    withPlatform(kind, async (under) => {
      const { id } = (await provision(under, 'early')).json.appliance;
      await under.api('PATCH', '/api/v1/features', { virtualAppliances: false });
      expect(await provision(under, 'late')).toMatchObject({ status: 403, json: { code: 'feature.switched-off' } });
      expect((await under.api('GET', '/api/v1/virtual-appliances/image')).json.code).toBe('feature.switched-off');
      expect((await under.api('GET', `/api/v1/appliances/${id}`)).json).toMatchObject({
        state: 'provisioned',
        scanServices: 'not-connected',
        code: { state: 'waiting' },
      });
    }),
  );
});

it('the image is offered only where there is one, and comes as it lies on the disk', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'picket-image-'));
  const file = join(folder, 'picket-scanner-0.1.0.ova');
  await writeFile(file, 'an image');
  const running = await startTestPlatform({ config: { applianceImage: file } });
  try {
    const manager = await running.signedIn('manager');
    expect((await manager.send('GET', '/api/v1/virtual-appliances')).json.image).toEqual({
      name: 'picket-scanner-0.1.0.ova',
      bytes: 8,
    });
    const got = await manager.send('GET', '/api/v1/virtual-appliances/image');
    expect(got.status).toBe(200);
    expect(got.headers['content-disposition']).toBe('attachment; filename="picket-scanner-0.1.0.ova"');
    expect(got.text).toBe('an image');
    await rm(file);
    expect((await manager.send('GET', '/api/v1/virtual-appliances')).json.image).toBeNull();
    expect(await manager.send('GET', '/api/v1/virtual-appliances/image')).toMatchObject({
      status: 404,
      json: { code: 'appliance.no-image' },
    });
  } finally {
    await running.close();
    await rm(folder, { recursive: true });
  }
});
