import { type SecurityPolicy, securityPolicy, updateSecurityPolicyRequest } from '@picket/contracts/api/sign-in';
import type { FastifyPluginAsync } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import { recordAudit } from '../../server/audit.ts';
import { managerOnly, scopeOf } from '../../server/authentication.ts';
import type { AccessScope, PlatformContext } from '../../server/context.ts';
import { policyKey, readPolicy } from '../../server/security-policy.ts';

/** How long sessions last, and what it takes to sign in: for everybody. */
export function securityPlugin(context: PlatformContext): FastifyPluginAsync {
  return async (plain) => {
    const app = plain.withTypeProvider<ZodTypeProvider>();
    const tags = ['security'];
    const response = { 200: securityPolicy };
    const config = { access: managerOnly, personOnly: true };
    app.get(
      '/api/v1/security-policy',
      { config, schema: { tags, summary: 'Limits of sessions and demands on signing in', response } },
      (request) => readPolicy(scopeOf(request), context.database.db),
    );
    app.patch(
      '/api/v1/security-policy',
      {
        config,
        schema: { tags, summary: 'Change them; running sessions follow', body: updateSecurityPolicyRequest, response },
      },
      (request) => changePolicy(context, scopeOf(request), request.body, request.ip),
    );
  };
}

async function changePolicy(
  context: PlatformContext,
  scope: AccessScope,
  wanted: z.output<typeof updateSecurityPolicyRequest>,
  address: string,
): Promise<SecurityPolicy> {
  return context.database.transaction(async (trx) => {
    const before = await readPolicy(scope, trx);
    const given = Object.entries(wanted).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]]));
    const after = securityPolicy.parse({ ...before, ...Object.fromEntries(given) });
    const value = JSON.stringify(after);
    await trx
      .insertInto('setting')
      .values({ subscription_id: scope.subscriptionId, key: policyKey, value })
      .onConflict((conflict) => conflict.columns(['subscription_id', 'key']).doUpdateSet({ value }))
      .execute();
    const detail: Record<string, string | number | boolean> = Object.fromEntries(given);
    await recordAudit(scope, trx, { action: 'security.policy', subject: 'subscription', detail, address });
    return after;
  });
}
