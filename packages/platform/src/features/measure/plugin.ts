import { applianceLimits, appliancePaths } from '@picket/contracts/protocol';
import type { FastifyPluginAsync } from 'fastify';
import { authenticateAppliance } from '../../appliance-protocol/authenticate.ts';
import { addSignedRoute } from '../../appliance-protocol/signed-route.ts';
import type { PlatformContext } from '../../server/context.ts';
import { takeAttempt } from '../../server/rate-limit.ts';

/** Measurements of one appliance in ten minutes: the network doctor makes three each time. */
const limit = 60;

/** Carries bytes both ways for the network doctor of an appliance: what came is thrown away, what goes is filler. */
export function measurePlugin(context: PlatformContext): FastifyPluginAsync {
  return async (app) => {
    addSignedRoute(app, context, {
      url: appliancePaths.measure,
      bodyLimit: applianceLimits.measureBytes,
      handle: async (call) => {
        const { applianceId } = await authenticateAppliance(context, call);
        const { db } = context.database;
        await takeAttempt(db, context.clock, { name: 'measure', subject: `${applianceId}`, limit, windowSeconds: 600 });
        const wanted = Number(new URL(call.request.url, 'https://platform').searchParams.get('answer') ?? 0);
        const bytes = Number.isInteger(wanted) ? Math.min(applianceLimits.measureBytes, Math.max(0, wanted)) : 0;
        return { status: 200, body: new Uint8Array(bytes) };
      },
    });
  };
}
