import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, systemRandom } from '@picket/base/adapters/system';
import { silentLog } from '@picket/base/log';
import { secondFactor } from '../features/factors/second-factor.ts';
import { sessionService } from '../features/sessions/session-service.ts';
import { openDatabase } from '../storage/database.ts';
import { buildServer, closeServer } from './build-server.ts';
import { platformConfigSchema } from './config.ts';
import type { PlatformContext } from './context.ts';
import { featurePlugins } from './feature-plugins.ts';
import { loadPlatformKey } from './platform-key.ts';

/** The OpenAPI document of this code, from an application that listens nowhere, on an empty database in memory. */
export async function openApiText(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'picket-openapi-'));
  const database = await openDatabase({ kind: 'embedded', directory: null }, silentLog);
  const closing = new AbortController();
  try {
    const context: PlatformContext = {
      database,
      clock: systemClock,
      random: systemRandom,
      log: silentLog,
      config: platformConfigSchema.parse({ dataDirectory: directory }),
      keys: { platform: await loadPlatformKey(directory), ca: null, enrolment: 'https://localhost:8443' },
      content: { version: 'none', checks: 0, fingerprints: 0 },
      subscriptionId: 1,
      closing: closing.signal,
    };
    const factor = secondFactor(context);
    const sessions = sessionService(context, factor);
    const plugins = featurePlugins(context, { sessions, factor });
    const authenticate = { session: sessions.authenticate, apiToken: async () => null };
    const parts = { authenticate, plugins, webDirectory: directory, tls: null };
    const app = await buildServer(context, parts);
    await app.ready();
    const document: unknown = app.swagger();
    closing.abort(new Error('done'));
    await closeServer(app);
    return `${JSON.stringify(document, null, 2)}\n`;
  } finally {
    closing.abort(new Error('done'));
    await database.close();
    await rm(directory, { recursive: true, force: true });
  }
}
