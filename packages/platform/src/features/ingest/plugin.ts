import { appliancePaths, applianceLimits } from '@picket/contracts/protocol';
import type { FastifyPluginAsync } from 'fastify';
import { addSignedRoute } from '../../appliance-protocol/signed-route.ts';
import type { PlatformContext } from '../../server/context.ts';
import { upload } from './service.ts';

/** Takes the appliances' events over and folds them into ledger, facts, assets, services and detections. */
export function ingestPlugin(context: PlatformContext): FastifyPluginAsync {
  return async (app) => {
    addSignedRoute(app, context, {
      url: appliancePaths.events,
      bodyLimit: applianceLimits.batchBytes,
      handle: (call) => upload(context, call),
    });
  };
}
