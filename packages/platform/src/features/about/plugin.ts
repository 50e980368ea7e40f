import { about } from '@picket/contracts/api/appliance';
import { protocolLevel } from '@picket/contracts/protocol';
import type { FastifyPluginAsync } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { everyRole } from '../../server/authentication.ts';
import { ownOrigin } from '../../server/own-origin.ts';
import type { PlatformContext } from '../../server/context.ts';
import { softwareVersion } from '../../server/version.ts';

/** Versions, the database, and what appliances must reach (spec section 8). */
export function aboutPlugin(context: PlatformContext): FastifyPluginAsync {
  return async (plain) => {
    const app = plain.withTypeProvider<ZodTypeProvider>();
    const schema = { tags: ['about'], summary: 'Versions and addresses', response: { 200: about } };
    app.get('/api/v1/about', { config: { access: everyRole }, schema }, async () => {
      const { database, keys, content } = context;
      const url = ownOrigin(keys);
      return {
        version: softwareVersion,
        protocolLevel,
        contentVersion: content.version,
        checks: content.checks,
        fingerprints: content.fingerprints,
        database: { kind: database.kind, version: database.version, warning: database.warning },
        applianceUrls: [url],
        enrolment: keys.enrolment,
        caSha256: keys.ca?.sha256 ?? null,
        licence: 'Apache-2.0',
      };
    });
  };
}
