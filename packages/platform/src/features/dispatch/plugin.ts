import { appliancePaths } from '@picket/contracts/protocol';
import type { FastifyPluginAsync } from 'fastify';
import { addSignedRoute } from '../../appliance-protocol/signed-route.ts';
import { openWakeHub, type WakeHub } from '../../jobs/wake-hub.ts';
import type { PlatformContext } from '../../server/context.ts';
import { poll } from './poll-service.ts';
import { defaultDispatchSettings, type DispatchSettings } from './settings.ts';
import { runSweeper } from './sweeper.ts';

/** A poll names its leases and troubles: far below this. */
const bodyLimit = 65_536;

/** Work for appliances: the poll, and the sweeper that takes expired leases back. */
export function dispatchPlugin(
  context: PlatformContext,
  settings: DispatchSettings = { ...defaultDispatchSettings, leaseSeconds: context.config.leaseSeconds },
): FastifyPluginAsync {
  return async (app) => {
    // Opened by the first poll and not by registering: an application that only describes itself needs no database.
    let hub: Promise<WakeHub> | null = null;
    let sweeper: Promise<void> = Promise.resolve();
    app.addHook('onListen', async () => {
      sweeper = runSweeper(context, settings);
    });
    app.addHook('onClose', async () => {
      await (await hub)?.close();
      await sweeper;
    });
    addSignedRoute(app, context, {
      url: appliancePaths.poll,
      bodyLimit,
      handle: async (call) => {
        hub ??= openWakeHub(context.database, context.clock).catch((error: unknown) => {
          // The next poll tries again.
          hub = null;
          throw error;
        });
        return { status: 200, body: await poll({ context, settings, hub: await hub }, call) };
      },
    });
  };
}
