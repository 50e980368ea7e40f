import { writeFile } from 'node:fs/promises';
import { isIPv6 } from 'node:net';
import { join } from 'node:path';
import type { Clock } from '@picket/base/clock';
import { describeError, PicketError } from '@picket/base/error';
import type { Log } from '@picket/base/log';
import type { Random } from '@picket/base/random';
import { formatEnrolment } from '@picket/contracts/enrolment';
import type { FastifyInstance } from 'fastify';
import { ensureFirstManager, type FirstManager } from './features/accounts/first-manager.ts';
import { loadContentCatalogue, shippedContentDirectory } from './features/checks/content-catalogue.ts';
import { createFirstNetwork } from './features/networks/first-network.ts';
import { secondFactor } from './features/factors/second-factor.ts';
import { sessionService } from './features/sessions/session-service.ts';
import { currentTerms } from './features/sessions/terms.ts';
import { tokenAuthenticator } from './features/tokens/authenticate-token.ts';
import { buildServer, closeServer } from './server/build-server.ts';
import type { PlatformConfig } from './server/config.ts';
import type { PlatformContext } from './server/context.ts';
import { featurePlugins } from './server/feature-plugins.ts';
import { ensureSubscription } from './server/first-start.ts';
import { listenLocalAdmin } from './server/local-admin.ts';
import { loadPlatformKey } from './server/platform-key.ts';
import { keepCertificateFresh, loadServerTls, type ServerTls } from './server/server-tls.ts';
import { shippedWebDirectory } from './server/web-files.ts';
import { type Database, openDatabase } from './storage/database.ts';

export interface PlatformDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Used as it is and closed with the platform; by default the one that the settings name is opened. */
  readonly database?: Database;
}

/** A platform that answers. */
export interface Platform {
  /** Origin for people and appliances. */
  readonly url: string;
  /** The port really listened on. */
  readonly port: number;
  /** URL and CA fingerprint in one string, for appliances. */
  readonly enrolment: string;
  /** Certificate of the own authority, PEM; null with an operator's certificate. */
  readonly caPem: string | null;
  readonly caSha256: string | null;
  /** At the very first start only: to be shown once. */
  readonly firstManager: FirstManager | null;
  readonly context: PlatformContext;
  /** Within five seconds. */
  close(): Promise<void>;
}

/** Opens the database, makes what the first start needs, and serves the API and the web interface over HTTPS. */
export async function startPlatform(config: PlatformConfig, deps: PlatformDeps): Promise<Platform> {
  const tls = await loadServerTls(config, deps.clock);
  // The certificate alone, for browsers and programs to trust; the authority's own file holds its key.
  if (tls.authority) await writeFile(join(config.dataDirectory, 'ca.pem'), tls.authority.pem, { mode: 0o644 });
  const platformKey = await loadPlatformKey(config.dataDirectory);
  const database = deps.database ?? (await openDatabase(databaseConfig(config), deps.log));
  const closing = new AbortController();
  try {
    if (database.warning !== null) deps.log.write('warning', 'storage.warning', { message: database.warning });
    const { id: subscriptionId, created } = await ensureSubscription(database);
    const place = { url: config.publicUrl ?? '' };
    const content = await loadContentCatalogue(
      { database, subscriptionId, log: deps.log },
      config.contentDirectory ?? shippedContentDirectory,
      config.templateDirectories,
      join(config.dataDirectory, 'template-cache'),
    );
    const context: PlatformContext = {
      ...deps,
      database,
      config,
      subscriptionId,
      content,
      closing: closing.signal,
      keys: {
        platform: platformKey,
        ca: tls.authority,
        get enrolment() {
          return formatEnrolment({ url: place.url, caSha256: tls.authority?.sha256 ?? null });
        },
      },
    };
    if (created) await createFirstNetwork(context);
    const firstManager = await ensureFirstManager(context);
    const app = await serve(context, tls, place);
    const closeLocalAdmin = await listenLocalAdmin(app, join(config.dataDirectory, 'admin.sock'));
    return assemble(context, { app, place, firstManager, closing, closeLocalAdmin });
  } catch (error) {
    closing.abort(new Error('the platform did not start'));
    await database.close();
    throw error;
  }
}

function databaseConfig(config: PlatformConfig) {
  return config.databaseUrl === null
    ? { kind: 'embedded' as const, directory: `${config.dataDirectory}/database` }
    : { kind: 'server' as const, url: config.databaseUrl };
}

async function serve(context: PlatformContext, tls: ServerTls, place: { url: string }): Promise<FastifyInstance> {
  const { config } = context;
  const factor = secondFactor(context);
  const sessions = sessionService(context, factor);
  const app = await buildServer(context, {
    authenticate: { session: sessions.authenticate, apiToken: tokenAuthenticator(context, currentTerms.version) },
    plugins: featurePlugins(context, { sessions, factor }),
    webDirectory: config.webDirectory ?? shippedWebDirectory,
    tls: await tls.current(),
  });
  try {
    await app.listen({ host: config.listen, port: config.port });
  } catch (error) {
    await app.close();
    throw listenError(error, config);
  }
  if (place.url === '') place.url = ownUrl(config, portOf(app));
  if ('setSecureContext' in app.server && typeof app.server.setSecureContext === 'function') {
    const server = app.server;
    const setSecureContext = app.server.setSecureContext.bind(server);
    void keepCertificateFresh({ setSecureContext }, tls, context);
  }
  return app;
}

function portOf(app: FastifyInstance): number {
  const [address] = app.addresses();
  return typeof address === 'object' ? address.port : 0;
}

/** `localhost` for loopback and "all addresses", which no certificate of ours names; else the address itself. */
function ownUrl(config: PlatformConfig, port: number): string {
  const local = ['127.0.0.1', '::1', '0.0.0.0', '::', 'localhost'].includes(config.listen);
  const host = local ? 'localhost' : isIPv6(config.listen) ? `[${config.listen}]` : config.listen;
  return `https://${host}:${port}`;
}

function listenError(error: unknown, config: PlatformConfig): PicketError {
  const inUse = error instanceof Error && Reflect.get(error, 'code') === 'EADDRINUSE';
  return new PicketError({
    code: inUse ? 'platform.port-in-use' : 'platform.listen-failed',
    kind: 'user',
    message: inUse
      ? `Another program listens on port ${config.port} of ${config.listen}.`
      : `The platform can't listen on ${config.listen}, port ${config.port}: ${describeError(error)}`,
    hint: 'Stop the other program, or choose another port with --port or another address with --listen.',
    cause: error,
  });
}

function assemble(
  context: PlatformContext,
  parts: {
    app: FastifyInstance;
    place: { url: string };
    firstManager: FirstManager | null;
    closing: AbortController;
    closeLocalAdmin: () => Promise<void>;
  },
): Platform {
  const { app, place, firstManager, closing, closeLocalAdmin } = parts;
  let closed: Promise<void> | null = null;
  const close = async () => {
    closing.abort(new Error('the platform closes'));
    await closeLocalAdmin();
    await closeServer(app);
    await context.database.close();
  };
  return {
    url: place.url,
    port: portOf(app),
    enrolment: context.keys.enrolment,
    caPem: context.keys.ca?.pem ?? null,
    caSha256: context.keys.ca?.sha256 ?? null,
    firstManager,
    context,
    close: () => {
      closed ??= close();
      return closed;
    },
  };
}
