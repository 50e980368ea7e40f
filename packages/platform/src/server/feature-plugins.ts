import type { FastifyPluginAsync } from 'fastify';
import { accountsPlugin } from '../features/accounts/plugin.ts';
import { auditPlugin } from '../features/audit/plugin.ts';
import { networksPlugin } from '../features/networks/plugin.ts';
import { sessionsPlugin } from '../features/sessions/plugin.ts';
import type { SessionService } from '../features/sessions/session-service.ts';
import { setupPlugin } from '../features/setup/plugin.ts';
import type { PlatformContext } from './context.ts';

/** Every feature of the platform; a test proves that list and folder agree. */
export function featurePlugins(context: PlatformContext, sessions: SessionService): readonly FastifyPluginAsync[] {
  return [
    sessionsPlugin(context, sessions),
    accountsPlugin(context),
    auditPlugin(context),
    setupPlugin(context),
    networksPlugin(context),
  ];
}
