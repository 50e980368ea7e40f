import { generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';
import { createMemoryAdapter } from 'oidc-provider/lib/adapters/memory_adapter.js';

/** Somebody whom the provider knows: claims beside the subject. */
export interface ProviderPerson {
  readonly sub: string;
  readonly email?: string;
  readonly email_verified?: boolean;
  readonly name?: string;
  readonly preferred_username?: string;
  /** How they signed in there. */
  readonly amr?: readonly string[];
}

/** A real OpenID Connect provider on loopback. */
export interface TestProvider {
  readonly issuer: string;
  readonly client: { readonly clientId: string; readonly clientSecret: string };
  /** Who sits at the browser: signs in at once; null: they say no. */
  person: ProviderPerson | null;
  /** Shows a page with a link first. */
  asks: boolean;
  close(): Promise<void>;
}

/** `redirectUris` (for signing in) and `signedOutUris` may be filled before the first request: a platform's port is known only once it listens. */
export async function startTestProvider(
  redirectUris: () => readonly string[],
  signedOutUris: () => readonly string[] = () => [],
): Promise<TestProvider> {
  let handle: (request: IncomingMessage, response: ServerResponse) => void = (_, response) => response.end();
  const server = createServer((request, response) => handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const issuer = `http://127.0.0.1:${port}`;
  const client = { clientId: 'picket', clientSecret: 'canary-client-secret/with+signs' };
  const known = new Map<string, ProviderPerson>();
  let provider: Provider | null = null;
  const running: TestProvider = {
    issuer,
    client,
    person: null,
    asks: false,
    close: () => closeServer(server),
  };
  handle = (request, response) => {
    provider ??= newProvider(
      issuer,
      { ...client, redirectUris: redirectUris(), signedOutUris: signedOutUris() },
      known,
    );
    if (request.url?.startsWith('/interaction/')) void interact(provider, running, known, request, response);
    else provider.callback()(request, response);
  };
  return running;
}

function newProvider(
  issuer: string,
  client: TestProvider['client'] & {
    readonly redirectUris: readonly string[];
    readonly signedOutUris: readonly string[];
  },
  known: ReadonlyMap<string, ProviderPerson>,
): Provider {
  const { clientId, clientSecret, redirectUris, signedOutUris } = client;
  const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });
  return new Provider(issuer, {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: redirectUris,
        post_logout_redirect_uris: signedOutUris,
      },
    ],
    // Chosen here: of its own choices the library warns.
    adapter: createMemoryAdapter(),
    jwks: { keys: [{ ...key, use: 'sig', alg: 'RS256' }] },
    claims: { openid: ['sub', 'amr'], email: ['email', 'email_verified'], profile: ['name', 'preferred_username'] },
    pkce: { required: () => true },
    cookies: { keys: ['test'] },
    features: { devInteractions: { enabled: false }, rpInitiatedLogout: { logoutSource: askToLeave } },
    interactions: { url: (_: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    findAccount: (_: unknown, accountId: string) => ({ accountId, claims: () => ({ ...known.get(accountId) }) }),
    ttl: { AccessToken: 300, AuthorizationCode: 60, Grant: 300, IdToken: 300, Interaction: 300, Session: 300 },
  });
}

/** A page that asks whether to sign out; `form` is the library's. */
function askToLeave(context: { body: unknown }, form: string): void {
  context.body = page(
    `${form}<button type="submit" form="op.logoutForm" value="yes" name="logout">Sign out here</button>`,
  );
}

function page(body: string): string {
  return `<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>Provider</title>${body}</html>`;
}

/** Signs the person in and consents for them, or says that they refused. */
async function interact(
  provider: Provider,
  { person, asks }: TestProvider,
  known: Map<string, ProviderPerson>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { params } = await provider.interactionDetails(request, response);
  if (asks && !request.url?.endsWith('?go')) {
    const name = person?.name ?? 'nobody';
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(page(`<a href="?go">Go on as ${name}</a>`));
    return;
  }
  if (person === null) {
    const refusal = { error: 'access_denied', error_description: 'they said no' };
    return provider.interactionFinished(request, response, refusal);
  }
  known.set(person.sub, person);
  const grant = new provider.Grant({ accountId: person.sub, clientId: String(params.client_id) });
  grant.addOIDCScope('openid email profile');
  const login = { accountId: person.sub, ...(person.amr ? { amr: person.amr } : {}) };
  await provider.interactionFinished(request, response, { login, consent: { grantId: await grant.save() } });
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
