import type { FastifyPluginAsync } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { sessionState } from '@picket/contracts/api/session';
import { recordAudit } from '../../server/audit.ts';
import { everyRole, managerOnly, scopeOf } from '../../server/authentication.ts';
import type { PlatformContext } from '../../server/context.ts';
import { completeSetup, readSetupState } from '../../server/setup-state.ts';

/** How far the first run is, and its end. The steps themselves are ordinary calls: password, terms, networks, appliances. */
export function setupPlugin(context: PlatformContext): FastifyPluginAsync {
  return async (plain) => {
    const app = plain.withTypeProvider<ZodTypeProvider>();
    const tags = ['setup'];
    const response = { 200: sessionState.shape.setup };
    app.get(
      '/api/v1/setup',
      { config: { access: everyRole }, schema: { tags, summary: 'State of the first-run wizard', response } },
      (request) => readSetupState(scopeOf(request), context.database.db),
    );
    app.post(
      '/api/v1/setup/complete',
      { config: { access: managerOnly }, schema: { tags, summary: 'End the first-run wizard', response } },
      async (request) => {
        const scope = scopeOf(request);
        await context.database.transaction(async (trx) => {
          await completeSetup(scope, trx);
          await recordAudit(scope, trx, { action: 'setup.complete', subject: 'setup', address: request.ip });
        });
        return readSetupState(scope, context.database.db);
      },
    );
  };
}
