import { appliancePaths } from '@picket/contracts/protocol';
import type { FastifyPluginAsync } from 'fastify';
import { addSignedRoute } from '../../appliance-protocol/signed-route.ts';
import { openWakeHub } from '../../jobs/wake-hub.ts';
import type { PlatformContext } from '../../server/context.ts';
import { poll } from './poll-service.ts';
import { defaultDispatchSettings, type DispatchSettings } from './settings.ts';
import { runSweeper } from './sweeper.ts';

/** A poll names its leases and troubles: far below this. */
const bodyLimit = 65_536;

/** Work for appliances: the poll, and the sweeper that takes expired leases back. */
export function dispatchPlugin(
  context: PlatformContext,
  settings: DispatchSettings = defaultDispatchSettings,
): FastifyPluginAsync {
  return async (app) => {
    const hub = await openWakeHub(context.database, context.clock);
    const sweeper = runSweeper(context, settings);
    app.addHook('onClose', async () => {
      await hub.close();
      await sweeper;
    });
    addSignedRoute(app, context, {
      url: appliancePaths.poll,
      bodyLimit,
      handle: async (call) => ({ status: 200, body: await poll({ context, settings, hub }, call) }),
    });
  };
}
