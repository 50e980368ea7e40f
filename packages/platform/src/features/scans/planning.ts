import { formatRange } from '@picket/base/ip';
import type { PlanPreview, ScanRequest } from '@picket/contracts/api/scan';
import { type ClaimedSlice, claimedSlices } from '@picket/plan/claims';
import { buildPlan, namesToResolve, type Plan } from '@picket/plan/plan';
import { compressPorts } from '@picket/plan/port-set';
import { profiles, withRate } from '@picket/plan/profile';
import type { NamedWindow } from '../../jobs/domain/scan-hours.ts';
import { blackoutsEverywhere, windowsById } from '../../jobs/scan-windows.ts';
import { candidatesFor } from '../../jobs/scan-summary.ts';
import { withOptionProfile } from '../../jobs/option-profiles.ts';
import type { StoredPlan } from '../../jobs/stored-plan.ts';
import type { AccessScope, PlatformContext } from '../../server/context.ts';
import { type FieldFault, refuse } from '../../server/http-error.ts';
import { readFeatures } from '../../server/feature-switches.ts';
import { ipv6Faults, targetFaults } from './domain/plan-faults.ts';
import { wayWarnings } from './domain/way-warnings.ts';
import { windowWarnings } from './domain/window-warnings.ts';
import { readOutlook } from './outlook.ts';
import { foundTargets } from './found-targets.ts';
import { wantedAppliances } from './group-appliances.ts';
import { groupTargets } from './group-targets.ts';
import { alsoExcluded, excludedParts, readPlannedExclusions } from './planned-exclusions.ts';
import { networkLimits } from './queries.ts';
import { claimsOf } from './reach.ts';
import type { NameResolver } from '../../jobs/name-resolver.ts';

/** A plan that may run, in the form that is shown, kept and run. */
export interface ReadyPlan {
  readonly request: ScanRequest;
  /** Appliances that may run it; empty: any of the network. */
  readonly applianceIds: readonly number[];
  readonly stored: StoredPlan;
  readonly slices: readonly ClaimedSlice[];
  readonly networkName: string;
  /** Its own windows, and the blackouts that hold everywhere. */
  readonly windows: readonly NamedWindow[];
}

export interface ScanDeps {
  readonly context: PlatformContext;
  readonly resolver: NameResolver;
}

/** Turns a request into its plan, or into one refusal with every fault in it. Names are resolved here and nowhere else. */
export async function planScan(
  deps: ScanDeps,
  scope: AccessScope,
  asked: ScanRequest,
  signal: AbortSignal,
): Promise<ReadyPlan> {
  const { db } = deps.context.database;
  const { request, used, faults: profileFaults } = await withOptionProfile(scope, db, asked);
  const network = await networkLimits(scope, db, request.networkId);
  const faults: FieldFault[] = [...profileFaults];
  if (!network)
    faults.push({ field: 'networkId', message: 'There is no such network. Choose one of the registered networks.' });
  if (request.intrusive && scope.role !== 'manager') {
    faults.push({ field: 'intrusive', message: 'Only a Manager may run checks that can disturb a service.' });
  }
  const wanted = network ? await wantedAppliances(scope, db, request, network.name) : { ids: [], faults: [] };
  faults.push(...wanted.faults);
  const chosen = { networkId: request.networkId, applianceIds: wanted.ids };
  if (network && wanted.faults.length === 0) faults.push(...(await applianceFaults(deps, scope, chosen, network.name)));
  const windows = await windowsById(scope, db, request.windowIds ?? []);
  faults.push(...windowIdFaults(request, windows));
  const grouped = network ? await groupTargets(scope, db, request, network.ranges) : { targets: [], faults: [] };
  faults.push(...grouped.faults);
  const found = network ? await foundTargets(scope, db, request, network.ranges) : { ranges: [], faults: [] };
  faults.push(...found.faults);
  const targets = [request.targets, ...grouped.targets].join('\n');
  const exclusions = await readPlannedExclusions(scope, db, request);
  const wantedNames = [...namesToResolve({ targets, exclude: request.exclude }), ...exclusions.names];
  const resolved = await deps.resolver.resolve([...new Set(wantedNames)], signal);
  const profile = profiles[request.profile];
  const rated =
    request.rate === undefined ? profile : withRate(profile, Math.min(request.rate, profile.packetsPerSecond));
  const alsoExclude = alsoExcluded(exclusions, resolved);
  const plan = buildPlan({ ...request, targets, alsoTargets: found.ranges, alsoExclude, profile: rated, resolved });
  if (!plan.ok)
    faults.push(
      ...plan.error.map(({ field, item, message }) => ({ field, message, ...(item === '' ? {} : { item }) })),
    );
  const { ipv6 } = await readFeatures(scope, db);
  const off = plan.ok && !ipv6 ? ipv6Faults(plan.value.ranges) : [];
  if (off.length > 0 && faults.length === 0) throw ipv6Off(off);
  const outside = plan.ok && network ? targetFaults(plan.value.ranges, plan.value.publicRanges, network) : [];
  faults.push(...off, ...outside);
  if (!plan.ok || !network || faults.length > 0) throw planRefusal(faults, outside.length === faults.length);
  const applianceIds = await usableAppliances(deps, scope, chosen);
  const claims = await claimsOf(scope, db, { networkId: request.networkId, applianceIds });
  const cut = claimedSlices(plan.value.ranges, claims);
  const everywhere = await blackoutsEverywhere(scope, db);
  return {
    request,
    applianceIds,
    stored: {
      ...storedForm(plan.value, cut.length),
      excluded: [...excludedParts(exclusions, resolved, { ...plan.value, registered: network.ranges })],
      optionProfile: used,
    },
    slices: cut,
    networkName: network.name,
    windows: [...windows.values(), ...everywhere],
  };
}

function windowIdFaults(request: ScanRequest, known: ReadonlyMap<number, NamedWindow>): readonly FieldFault[] {
  return (request.windowIds ?? [])
    .filter((id) => !known.has(id))
    .map((id) => ({
      field: 'windowIds',
      item: String(id),
      message: `There is no window ${id}. Choose one of the list.`,
    }));
}

/** Where a job scans, and by whom; no appliance: any. */
interface ChosenAppliances {
  readonly networkId: number;
  readonly applianceIds: readonly number[];
}

/** Any appliance means any that the caller sees: who does not see all gets those of this moment, by name. */
async function usableAppliances(
  { context }: ScanDeps,
  scope: AccessScope,
  { networkId, applianceIds }: ChosenAppliances,
): Promise<readonly number[]> {
  if (applianceIds.length > 0 || scope.sight === 'everything') return applianceIds;
  const { db } = context.database;
  const found = await candidatesFor(scope, db, { networkId, scanId: null, applianceIds }, context.clock.now());
  return found.filter((one) => one.state !== 'revoked').map((one) => one.id);
}

async function applianceFaults(
  deps: ScanDeps,
  scope: AccessScope,
  request: ChosenAppliances,
  networkName: string,
): Promise<readonly FieldFault[]> {
  const { networkId, applianceIds } = request;
  if (applianceIds.length === 0) {
    if (scope.sight === 'everything' || (await usableAppliances(deps, scope, request)).length > 0) return [];
    const message = `None of the appliances of your asset groups serves the network ${networkName}.`;
    return [{ field: 'applianceIds', message }];
  }
  const { context } = deps;
  const found = await candidatesFor(
    scope,
    context.database.db,
    { networkId, scanId: null, applianceIds },
    context.clock.now(),
  );
  const usable = new Set(found.filter((one) => one.state !== 'revoked').map((one) => one.id));
  return applianceIds
    .filter((id) => !usable.has(id))
    .map((id) => ({
      field: 'applianceIds',
      item: String(id),
      message: `Appliance ${id} does not serve the network ${networkName}.`,
    }));
}

function ipv6Off(faults: readonly FieldFault[]) {
  return refuse({
    status: 422,
    code: 'scan.family-off',
    message: `IPv6 is switched off for this subscription, and the targets have IPv6 addresses: ${faults[0]?.item ?? ''}.`,
    hint: 'Leave these targets out (of a name too that has IPv6 addresses: give its IPv4 address), or have IPv6 switched on (`picket feature enable ipv6`).',
    errors: faults,
  });
}

function planRefusal(faults: readonly FieldFault[], onlyTargets: boolean) {
  const count = faults.length === 1 ? 'one fault' : `${faults.length} faults`;
  return refuse({
    status: 422,
    code: onlyTargets ? 'scan.target-not-registered' : 'scan.request-invalid',
    message: `The request has ${count}: ${faults[0]?.message ?? ''}`,
    hint: onlyTargets
      ? 'Leave these addresses out, or let a Manager add them to the network or to your asset groups (Settings).'
      : 'Mend what is named and try again. Nothing was started.',
    errors: faults,
  });
}

function storedForm(plan: Plan, sliceCount: number): Omit<StoredPlan, 'excluded' | 'optionProfile'> {
  const { estimate } = plan;
  return {
    kind: plan.kind,
    phases: [...plan.phases],
    ranges: plan.ranges.map(formatRange),
    exclusions: plan.exclusions.map(formatRange),
    names: plan.names.map(({ name, addresses }) => ({ name, addresses: [...addresses] })),
    ports: { tcp: compressPorts(plan.ports.tcp), udp: compressPorts(plan.ports.udp) },
    profile: { ...plan.profile },
    assumeAlive: plan.assumeAlive,
    slices: sliceCount,
    estimate: {
      addresses: estimate.addresses.toString(),
      ports: estimate.ports,
      packets: estimate.packets.toString(),
      rate: estimate.rate,
      seconds: estimate.seconds,
    },
  };
}

/** The stored plan as the API shows it. */
export function shownPlan(stored: StoredPlan): Omit<PlanPreview, 'appliances' | 'outlook' | 'warnings'> {
  const { kind, phases, names, excluded, optionProfile, slices: sliceCount, estimate } = stored;
  return { kind, phases, ...estimate, slices: sliceCount, names, excluded, optionProfile };
}

/** The preview: the plan, who could run it now, and what is worth knowing. */
export async function previewPlan(
  deps: ScanDeps,
  scope: AccessScope,
  request: ScanRequest,
  from: { readonly signal: AbortSignal; readonly startsAt?: string | undefined },
): Promise<PlanPreview> {
  const ready = await planScan(deps, scope, request, from.signal);
  const { context } = deps;
  const { networkId } = request;
  const { applianceIds } = ready;
  const candidates = await candidatesFor(
    scope,
    context.database.db,
    { networkId, scanId: null, applianceIds },
    context.clock.now(),
  );
  const appliances = candidates
    .filter((one) => one.state === 'active')
    .map(({ id, name, online }) => ({ id, name, online }));
  const startsAt = from.startsAt === undefined ? context.clock.now() : Date.parse(from.startsAt);
  const outlook = await readOutlook(scope, context.database.db, ready, { appliances, startsAt });
  const expected = [...windowWarnings(ready.windows, outlook), ...wayWarnings(outlook.way)];
  return {
    ...shownPlan(ready.stored),
    appliances,
    outlook,
    warnings: [...warningsFor(ready, appliances), ...expected],
  };
}

function warningsFor(ready: ReadyPlan, appliances: readonly { online: boolean }[]): string[] {
  const warnings: string[] = [];
  if (appliances.length === 0)
    warnings.push(`No appliance serves the network ${ready.networkName}: the job would wait.`);
  else if (!appliances.some((one) => one.online))
    warnings.push('No appliance that could run it is online: the job would wait.');
  if (ready.stored.estimate.seconds > 86_400)
    warnings.push('At this rate it can take more than a day, which is its deadline.');
  if (ready.request.rate !== undefined && ready.request.rate > ready.stored.profile.packetsPerSecond) {
    warnings.push(
      `The rate was lowered to the ${ready.stored.profile.packetsPerSecond} packets a second of the profile.`,
    );
  }
  return warnings;
}
