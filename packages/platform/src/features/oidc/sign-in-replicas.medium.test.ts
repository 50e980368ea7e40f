import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startTestPlatform } from '../../server/testing.ts';
import { canRun, withDatabase } from '../../storage/testing.ts';
import { Browser } from '../testing/oidc-browser.ts';
import { gwen } from './testing-ground.ts';
import { type ProviderPerson, startTestProvider } from './testing-provider.ts';

describe('two replicas', () => {
  it.skipIf(!canRun('server'))('share a sign-in: begun at one, finished at the other, once', () =>
    withDatabase('server', async (_database, config) => {
      if (config.kind !== 'server') return;
      const databaseUrl = config.url.reveal();
      const first = await startTestPlatform({ config: { databaseUrl, localReceivers: true } });
      const folder = await mkdtemp(join(tmpdir(), 'picket-replica-'));
      await copyFile(join(first.directory, 'platform-key.pem'), join(folder, 'platform-key.pem'));
      const publicUrl = first.platform.url;
      const second = await startTestPlatform({
        config: { databaseUrl, localReceivers: true, dataDirectory: folder, publicUrl },
      });
      const uris: string[] = [];
      const provider = await startTestProvider(() => uris);
      try {
        const manager = await first.signedIn('manager');
        uris.push((await manager.send('GET', '/api/v1/oidc-provider')).json.redirectUri);
        const settings = {
          name: 'IdP',
          issuer: provider.issuer,
          ...provider.client,
          unknownPeople: 'reader',
          logoutAtProvider: true,
        };
        expect((await manager.send('PUT', '/api/v1/oidc-provider', settings)).status).toBe(200);
        const person: ProviderPerson = gwen;
        provider.person = person;
        const here = new Browser(first);
        const answer = await here.through(await here.begin());
        const there = new Browser(second);
        there.take(here);
        expect(await there.back(answer)).toBe('/');
        expect(await here.back(answer)).toBe('/?oidc=expired');
        expect(await there.user()).toMatchObject({ login: gwen.email });
        here.take(there);
        expect(await here.signOut()).toMatch(provider.issuer);
        expect(await there.user()).toBeNull();
      } finally {
        await provider.close();
        await second.close();
        await first.close();
        await rm(folder, { recursive: true, force: true });
      }
    }),
  );
});
