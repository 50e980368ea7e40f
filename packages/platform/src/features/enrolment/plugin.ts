import { appliancePaths } from '@picket/contracts/protocol';
import { timeNonce } from '@picket/contracts/signed-time';
import type { FastifyPluginAsync } from 'fastify';
import { codeBook } from '../../appliance-protocol/codes.ts';
import { addSignedRoute } from '../../appliance-protocol/signed-route.ts';
import type { PlatformContext } from '../../server/context.ts';
import { refuse } from '../../server/http-error.ts';
import { hello, personalizeDevice } from './service.ts';
import { signedAuthorityFor } from './signed-authority.ts';
import { signedTimeFor } from './signed-time.ts';

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
    const open = { config: { access: 'public' }, schema: { hide: true } } as const;
    app.get(appliancePaths.time, open, async ({ url }) => signedTimeFor(context, nonceOf(url)));
    app.get(appliancePaths.authority, open, async ({ url }) => signedAuthorityFor(context, nonceOf(url)));
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

/** What the asker wants signed along with the answer. */
function nonceOf(url: string): string {
  const nonce = timeNonce.safeParse(new URL(url, 'https://platform').searchParams.get('nonce'));
  if (nonce.success) return nonce.data;
  throw refuse({
    status: 400,
    code: 'enrolment.nonce-invalid',
    message: 'The query has no nonce of 32 bytes in base64url.',
    hint: 'Ask again with ?nonce= and 43 characters of base64url.',
  });
}
