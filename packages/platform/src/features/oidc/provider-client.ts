import type { OidcOutcome } from '@picket/contracts/api/oidc';
import { describeError } from '@picket/base/error';
import type { Connector } from '@picket/outbound/connector';
import type { OutboundFailure } from '@picket/outbound/failure';
import type { Configuration, CustomFetch } from 'openid-client';
import type { PlatformContext } from '../../server/context.ts';
import { isLoopback, outboundFetch } from '../../server/outbound-fetch.ts';
import type { SecretBox } from '../../server/secret-box.ts';
import { clientSecretPlace, type StoredProvider } from './provider-queries.ts';

/** What talking to a provider takes. */
export interface OidcParts {
  readonly context: PlatformContext;
  readonly box: SecretBox;
  readonly connector: Connector;
}

/** A sign-in by the provider that came to nothing, and why. */
export class OidcRefusal extends Error {
  readonly outcome: OidcOutcome;
  constructor(outcome: OidcOutcome, detail = '', cause?: unknown) {
    super(detail === '' ? outcome : `${outcome}: ${detail}`, cause === undefined ? {} : { cause });
    this.outcome = outcome;
  }
}

/** Carries a failure of our connections through the library. */
class OutboundError extends Error {
  readonly failure: OutboundFailure;
  constructor(failure: OutboundFailure) {
    super(`${failure.message} ${failure.hint}`.trim());
    this.failure = failure;
  }
}

/** What was read of a provider is good for so long, milliseconds. */
const freshMs = 600_000;
const cache = new WeakMap<
  PlatformContext,
  { readonly key: string; readonly until: number; readonly made: Configuration }
>();

/** The provider's metadata with our client: read anew after ten minutes, and when the settings change. */
export async function providerClient(parts: OidcParts, stored: StoredProvider): Promise<Configuration> {
  const { context } = parts;
  const key = `${stored.issuer} ${stored.client_id} ${stored.changed_at.getTime()}`;
  const known = cache.get(context);
  if (known?.key === key && known.until > context.clock.now()) return known.made;
  const made = await discover(parts, stored);
  cache.set(context, { key, until: context.clock.now() + freshMs, made });
  return made;
}

async function discover({ context, box, connector }: OidcParts, stored: StoredProvider): Promise<Configuration> {
  const { allowInsecureRequests, clockTolerance, ClientSecretBasic, ClientSecretPost, customFetch, discovery } =
    await import('openid-client');
  const issuer = new URL(stored.issuer);
  const secret = box.open(stored.client_secret, clientSecretPlace({ subscriptionId: context.subscriptionId }));
  const basic = ClientSecretBasic(secret.reveal());
  const post = ClientSecretPost(secret.reveal());
  return discovery(
    issuer,
    stored.client_id,
    { response_types: ['code'], [clockTolerance]: 30 },
    // Every server must know Basic (RFC 6749 section 2.3.1); a few say that they do not.
    (server, ...rest) => {
      const methods = server.token_endpoint_auth_methods_supported;
      return (methods?.includes('client_secret_basic') === false ? post : basic)(server, ...rest);
    },
    {
      [customFetch]: fetchOver(connector, context.closing, stored.ca_pem),
      timeout: 15,
      // In clear text nowhere but on this machine; the connections refuse the rest as well.
      execute:
        issuer.protocol === 'http:' && isLoopback(issuer.hostname.replace(/^\[(.*)\]$/, '$1'))
          ? [allowInsecureRequests]
          : [],
    },
  ).catch((error: unknown) => {
    throw refusalOf(error, 'provider-down');
  });
}

/** `fetch` for the library: bounded in time and size, over the platform's own connections, redirects not followed. */
function fetchOver(connector: Connector, closing: AbortSignal, caPem: string | null): CustomFetch {
  return async (url, { method, headers, body, signal }) => {
    const bytes = body instanceof Uint8Array ? body : new TextEncoder().encode(body ? textOf(body) : '');
    const request = {
      method: method === 'POST' ? ('POST' as const) : ('GET' as const),
      headers,
      body: bytes,
      signal: signal ? AbortSignal.any([signal, closing]) : closing,
    };
    const answer = await outboundFetch(connector, url, request, caPem);
    if (!answer.ok) throw new OutboundError(answer.error);
    const { status, header } = answer.value;
    if (status < 200 || status > 599) throw new TypeError(`HTTP status ${status}`);
    const kept = ['content-type', 'www-authenticate', 'dpop-nonce'].flatMap((name): [string, string][] => {
      const value = header(name);
      return value === undefined ? [] : [[name, value]];
    });
    const whole = [204, 205, 304].includes(status) ? null : Buffer.from(answer.value.body);
    return new Response(whole, { status, headers: kept });
  };
}

function textOf(body: ArrayBuffer | ReadableStream | string | URLSearchParams): string {
  if (typeof body === 'string' || body instanceof URLSearchParams) return body.toString();
  throw new TypeError('a body of this kind is not sent');
}

/** Why a step with the provider failed. `otherwise`: what an error that the library does not name means. */
export function refusalOf(error: unknown, otherwise: OidcOutcome): OidcRefusal {
  if (error instanceof OidcRefusal) return error;
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if (at instanceof OutboundError) return new OidcRefusal('provider-down', at.message, error);
    const code = String(Reflect.get(at, 'error') ?? '');
    // Of the token endpoint (RFC 6749 section 5.2), and of the redirect back (section 4.1.2.1).
    if (at.name === 'ResponseBodyError')
      return new OidcRefusal(code === 'invalid_client' ? 'client-refused' : 'code-refused', code, error);
    if (at.name === 'AuthorizationResponseError')
      return new OidcRefusal(code === 'access_denied' ? 'cancelled' : 'provider-refused', code, error);
    if (at.name === 'WWWAuthenticateChallengeError') return new OidcRefusal('client-refused', '', error);
  }
  return new OidcRefusal(otherwise, describeError(error), error);
}
