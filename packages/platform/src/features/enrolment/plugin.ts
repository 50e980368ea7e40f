import { appliancePaths } from '@picket/contracts/protocol';
import type { FastifyPluginAsync } from 'fastify';
import { codeBook } from '../../appliance-protocol/codes.ts';
import { addSignedRoute } from '../../appliance-protocol/signed-route.ts';
import type { PlatformContext } from '../../server/context.ts';
import { refuse } from '../../server/http-error.ts';
import { hello, personalizeDevice } from './service.ts';

const bodyLimit = 16_384;

/** How a device becomes an appliance: the CA to trust, activation and personalization. */
export function enrolmentPlugin(context: PlatformContext): FastifyPluginAsync {
  const codes = codeBook(context.keys.platform);
  return async (app) => {
    app.get(
      appliancePaths.caCertificate,
      { config: { access: 'public' }, schema: { hide: true } },
      async (_request, reply) => {
        if (!context.keys.ca) {
          throw refuse({
            status: 404,
            code: 'enrolment.no-own-ca',
            message: 'This platform uses a certificate of another authority.',
            hint: 'Enrol with the plain URL; the certificate is checked against the public authorities.',
          });
        }
        return reply.type('application/x-pem-file').send(context.keys.ca.pem);
      },
    );
    addSignedRoute(app, context, {
      url: appliancePaths.hello,
      bodyLimit,
      handle: async (call) => ({ status: 200, body: await hello(context, codes, call) }),
    });
    addSignedRoute(app, context, {
      url: appliancePaths.personalize,
      bodyLimit,
      handle: async (call) => ({ status: 200, body: await personalizeDevice(context, codes, call) }),
    });
  };
}
