import type { FastifyPluginAsync } from 'fastify';
import { aboutPlugin } from '../features/about/plugin.ts';
import { accountMaker } from '../features/accounts/account-maker.ts';
import { accountsPlugin } from '../features/accounts/plugin.ts';
import { appliancesPlugin } from '../features/appliances/plugin.ts';
import { assetGroupsPlugin } from '../features/asset-groups/plugin.ts';
import { assetsPlugin } from '../features/assets/plugin.ts';
import { auditPlugin } from '../features/audit/plugin.ts';
import { businessUnitsPlugin } from '../features/business-units/plugin.ts';
import { checksPlugin } from '../features/checks/plugin.ts';
import { detectionsPlugin } from '../features/detections/plugin.ts';
import { comparePlugin } from '../features/compare/plugin.ts';
import { dispatchPlugin } from '../features/dispatch/plugin.ts';
import { enrolmentPlugin } from '../features/enrolment/plugin.ts';
import { exclusionsPlugin } from '../features/exclusions/plugin.ts';
import { holdsPlugin } from '../features/holds/plugin.ts';
import { hostAccountPlugin } from '../features/host-account/plugin.ts';
import { factorsPlugin } from '../features/factors/plugin.ts';
import { ingestPlugin } from '../features/ingest/plugin.ts';
import { ledgerPlugin } from '../features/ledger/plugin.ts';
import { livePlugin } from '../features/live/plugin.ts';
import { mapsPlugin } from '../features/maps/plugin.ts';
import { measurePlugin } from '../features/measure/plugin.ts';
import { networksPlugin } from '../features/networks/plugin.ts';
import { notificationsPlugin } from '../features/notifications/plugin.ts';
import { optionProfilesPlugin } from '../features/option-profiles/plugin.ts';
import { oidcParts, oidcPlugin } from '../features/oidc/plugin.ts';
import { providerSignOut } from '../features/oidc/provider-sign-out.ts';
import { overviewPlugin } from '../features/overview/plugin.ts';
import { passkeysPlugin } from '../features/passkeys/plugin.ts';
import { releasesPlugin } from '../features/releases/plugin.ts';
import { scanLauncher, scansPlugin } from '../features/scans/plugin.ts';
import { schedulesPlugin } from '../features/schedules/plugin.ts';
import { securityPlugin } from '../features/security/plugin.ts';
import { servicesPlugin } from '../features/services/plugin.ts';
import { sessionsPlugin } from '../features/sessions/plugin.ts';
import { setupPlugin } from '../features/setup/plugin.ts';
import { switchesPlugin } from '../features/switches/plugin.ts';
import { windowsPlugin } from '../features/windows/plugin.ts';
import { tagsPlugin } from '../features/tags/plugin.ts';
import { tokensPlugin } from '../features/tokens/plugin.ts';
import type { SessionService } from '../features/sessions/session-service.ts';
import type { PlatformContext } from './context.ts';
import type { SecondFactor } from './second-factor.ts';

/** What the ways of signing in share. */
export interface SignInParts {
  readonly sessions: SessionService;
  readonly factor: SecondFactor;
}

/** Every feature of the platform; a test proves that the list and the folder agree. */
export function featurePlugins(context: PlatformContext, signIn: SignInParts): readonly FastifyPluginAsync[] {
  const oidc = oidcParts(context);
  return [
    sessionsPlugin(context, signIn.sessions, providerSignOut(oidc)),
    aboutPlugin(context),
    accountsPlugin(context, signIn.sessions.begin),
    appliancesPlugin(context),
    assetGroupsPlugin(context),
    assetsPlugin(context),
    auditPlugin(context),
    businessUnitsPlugin(context),
    checksPlugin(context),
    detectionsPlugin(context),
    comparePlugin(context),
    dispatchPlugin(context),
    enrolmentPlugin(context),
    exclusionsPlugin(context),
    holdsPlugin(context),
    hostAccountPlugin(context),
    factorsPlugin(context, signIn.factor),
    ingestPlugin(context),
    ledgerPlugin(context),
    livePlugin(context),
    mapsPlugin(context),
    measurePlugin(context),
    networksPlugin(context),
    notificationsPlugin(context),
    optionProfilesPlugin(context),
    oidcPlugin(oidc, { begin: signIn.sessions.begin, factor: signIn.factor }, accountMaker(context)),
    overviewPlugin(context),
    passkeysPlugin(context, signIn.sessions.begin),
    releasesPlugin(context),
    scansPlugin(context),
    schedulesPlugin(context, scanLauncher(context)),
    securityPlugin(context),
    servicesPlugin(context),
    setupPlugin(context),
    switchesPlugin(context),
    windowsPlugin(context),
    tagsPlugin(context),
    tokensPlugin(context),
  ];
}
