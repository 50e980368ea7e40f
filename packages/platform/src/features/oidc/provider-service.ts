import type { OidcProviderState, setOidcProviderRequest } from '@picket/contracts/api/oidc';
import type { z } from 'zod';
import type { Owner } from '../../server/account-maker.ts';
import { recordAudit } from '../../server/audit.ts';
import type { AccessScope } from '../../server/context.ts';
import { endSessions } from '../../server/end-access.ts';
import { notFound, refuse } from '../../server/http-error.ts';
import { isLoopback } from '../../server/outbound-fetch.ts';
import { redirectUri } from './begin-sign-in.ts';
import type { OidcParts } from './provider-client.ts';
import * as queries from './provider-queries.ts';
import { signedOutUri } from './provider-sign-out.ts';
import { tryProvider } from './try-provider.ts';

export async function readProviderState({ context }: OidcParts, scope: AccessScope): Promise<OidcProviderState> {
  const stored = await queries.readProvider(scope, context.database.db);
  const answer = { redirectUri: redirectUri(context), signedOutUri: signedOutUri(context) };
  if (!stored) return { ...answer, provider: null };
  return {
    ...answer,
    provider: {
      name: stored.name,
      issuer: stored.issuer,
      clientId: stored.client_id,
      loginClaim: stored.login_claim,
      mailDomains: [...stored.mail_domains],
      unknownPeople: stored.unknown_people,
      linkByLogin: stored.link_by_login,
      passwordSignIn: stored.password_sign_in,
      logoutAtProvider: stored.logout_at_provider,
      secondFactorByAmr: stored.second_factor_by_amr,
      caPem: stored.ca_pem,
      changedAt: stored.changed_at.toISOString(),
      changedBy: stored.changed_by,
    },
  };
}

/** Stores the settings. A secret that is not given stays, unless it would go to another provider or client. */
export async function setProvider(
  parts: OidcParts,
  scope: AccessScope,
  request: z.output<typeof setOidcProviderRequest>,
  address: string,
): Promise<OidcProviderState> {
  const { context, box } = parts;
  requireSafeIssuer(request.issuer);
  const { issuer, clientId, clientSecret, name, loginClaim, mailDomains, caPem } = request;
  const { unknownPeople, linkByLogin, passwordSignIn, logoutAtProvider, secondFactorByAmr } = request;
  await context.database.transaction(async (trx) => {
    const before = await queries.readProvider(scope, trx);
    const kept = before?.issuer === issuer && before.client_id === clientId ? before.client_secret : null;
    const sealed = clientSecret === undefined ? kept : box.seal(clientSecret, queries.clientSecretPlace(scope));
    if (sealed === null) throw secretNeeded();
    await queries.storeProvider(scope, trx, {
      name,
      issuer,
      client_id: clientId,
      client_secret: sealed,
      ca_pem: caPem,
      login_claim: loginClaim,
      mail_domains: mailDomains,
      unknown_people: unknownPeople,
      link_by_login: linkByLogin,
      password_sign_in: passwordSignIn,
      logout_at_provider: logoutAtProvider,
      second_factor_by_amr: secondFactorByAmr,
      changed_at: new Date(context.clock.now()),
      changed_by: scope.login,
    });
    const domains = mailDomains.join(', ');
    const people = { unknownPeople, linkByLogin, passwordSignIn, logoutAtProvider, secondFactorByAmr };
    const detail = { issuer, clientId, loginClaim, domains, ...people };
    await recordAudit(scope, trx, { action: 'oidc-provider.set', subject: 'subscription', detail, address });
  });
  return readProviderState(parts, scope);
}

/** Nobody signs in by the provider any more; passwords are for everybody again. */
export async function removeProvider({ context }: OidcParts, scope: AccessScope, address: string): Promise<void> {
  await context.database.transaction(async (trx) => {
    await queries.deleteProvider(scope, trx);
    await recordAudit(scope, trx, { action: 'oidc-provider.remove', subject: 'subscription', address });
  });
}

/** Asks a provider, as it stands in the form, what it says of itself. */
export async function testProvider(
  { context, connector }: OidcParts,
  scope: AccessScope,
  asked: { readonly issuer: string; readonly caPem: string | null },
  address: string,
) {
  requireSafeIssuer(asked.issuer);
  const detail = { issuer: asked.issuer };
  await recordAudit(scope, context.database.db, {
    action: 'oidc-provider.try',
    subject: 'subscription',
    detail,
    address,
  });
  return tryProvider({ ...asked, connector, signal: context.closing });
}

/** Parts an account from who it is at the provider, and ends its sessions. */
export async function removeIdentity(
  { context }: OidcParts,
  scope: AccessScope,
  accountId: number,
  address: string,
): Promise<void> {
  const owner: Owner = { subscriptionId: scope.subscriptionId, accountId };
  await context.database.transaction(async (trx) => {
    if (!(await queries.findAccountById(owner, trx))) throw notFound('account', accountId);
    if (await queries.unbind(owner, trx)) {
      await endSessions(context.database, trx, owner);
      await recordAudit(scope, trx, { action: 'oidc.unlink', subject: `account:${accountId}`, address });
    }
  });
}

function requireSafeIssuer(issuer: string): void {
  const { protocol, hostname, search, hash, username, password } = new URL(issuer);
  const clear = protocol !== 'https:' && !isLoopback(hostname.replace(/^\[(.*)\]$/, '$1'));
  if (!clear && search === '' && hash === '' && username === '' && password === '') return;
  const message = clear
    ? 'must begin with https://; http:// is for providers on the platform’s own machine alone'
    : 'must be an address without query, fragment and login';
  throw refuse({
    status: 422,
    code: 'oidc.issuer-not-allowed',
    message: `The issuer ${message}.`,
    hint: 'Enter the issuer as the provider writes it.',
    errors: [{ field: 'issuer', message }],
  });
}

function secretNeeded() {
  const message = 'This client needs its secret; that of another one is not sent in its place.';
  return refuse({
    status: 422,
    code: 'oidc.secret-needed',
    message,
    hint: 'Enter the client secret.',
    errors: [{ field: 'clientSecret', message }],
  });
}
