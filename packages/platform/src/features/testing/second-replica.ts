import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, systemRandom } from '@picket/base/adapters/system';
import type { Clock } from '@picket/base/clock';
import { silentLog } from '@picket/base/log';
import { applianceLimits } from '@picket/contracts/protocol';
import { platformConfigSchema } from '../../server/config.ts';
import { type Platform, startPlatform } from '../../start-platform.ts';
import { type DatabaseRelay, startRelay } from '../../storage/server/testing-relay.ts';
import { type PlatformUnderTest, withPlatform } from './platform-under-test.ts';

/** Another replica of the same platform, with the same keys, on a way to the database that can be broken. */
export interface SecondReplica {
  readonly platform: Platform;
  /** Where it itself is; its public URL is the other's. */
  readonly origin: string;
  readonly relay: DatabaseRelay;
  /** Resolves once it has begun to hold a poll after this call, with nothing more to look at. */
  holdsPoll(): Promise<void>;
  /** Its administration socket. */
  readonly socketPath: string;
}

/** Only a held poll sleeps for so long, milliseconds. */
const heldMs = { above: 15_000, upTo: applianceLimits.longPollSeconds * 1000 };

/** Two replicas on a PostgreSQL server: `under` always reaches it. */
export function withTwoReplicas(test: (under: PlatformUnderTest, second: SecondReplica) => Promise<void>) {
  return withPlatform('server', async (under) => {
    const folder = await mkdtemp(join(tmpdir(), 'picket-replica-'));
    const relay = await startRelay(under.databaseUrl ?? '');
    try {
      const { dataDirectory } = under.platform.context.config;
      await cp(dataDirectory, folder, { recursive: true, filter: (path) => !path.endsWith('.sock') });
      const config = platformConfigSchema.parse({
        dataDirectory: folder,
        port: 0,
        databaseUrl: relay.url,
        publicUrl: under.platform.url,
      });
      let holding = () => {};
      const clock: Clock = {
        ...systemClock,
        sleep: (milliseconds, signal) => {
          if (milliseconds > heldMs.above && milliseconds <= heldMs.upTo) holding();
          return systemClock.sleep(milliseconds, signal);
        },
      };
      const holdsPoll = () => new Promise<void>((resolve) => (holding = resolve));
      const platform = await startPlatform(config, { clock, random: systemRandom, log: silentLog });
      try {
        await test(under, {
          platform,
          origin: `https://localhost:${platform.port}`,
          relay,
          holdsPoll,
          socketPath: join(folder, 'admin.sock'),
        });
      } finally {
        relay.mend();
        await platform.close();
      }
    } finally {
      await relay.close();
      await rm(folder, { recursive: true, force: true });
    }
  });
}
