import type { FastifyPluginAsync } from 'fastify';
import { accountsPlugin } from '../features/accounts/plugin.ts';
import { auditPlugin } from '../features/audit/plugin.ts';
import { networksPlugin } from '../features/networks/plugin.ts';
import { sessionsPlugin } from '../features/sessions/plugin.ts';
import type { SessionService } from '../features/sessions/session-service.ts';
import { setupPlugin } from '../features/setup/plugin.ts';
import { aboutPlugin } from '../features/about/plugin.ts';
import { assetsPlugin } from '../features/assets/plugin.ts';
import { checksPlugin } from '../features/checks/plugin.ts';
import { detectionsPlugin } from '../features/detections/plugin.ts';
import { overviewPlugin } from '../features/overview/plugin.ts';
import { servicesPlugin } from '../features/services/plugin.ts';
import type { PlatformContext } from './context.ts';

/** Every feature of the platform; a test proves that list and folder agree. */
export function featurePlugins(context: PlatformContext, sessions: SessionService): readonly FastifyPluginAsync[] {
  return [
    sessionsPlugin(context, sessions),
    accountsPlugin(context),
    auditPlugin(context),
    setupPlugin(context),
    networksPlugin(context),
    aboutPlugin(context),
    assetsPlugin(context),
    checksPlugin(context),
    detectionsPlugin(context),
    overviewPlugin(context),
    servicesPlugin(context),
  ];
}
