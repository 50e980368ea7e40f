import { isoTime } from '@picket/base/clock';
import { type IpAddress, parseIp } from '@picket/base/ip';
import { contains, rangeSet } from '@picket/base/range-set';
import { hostAccount, type HostAccount } from '@picket/contracts/api/host-account';
import { type ScanRequest, scanRequest } from '@picket/contracts/api/scan';
import { engineEvent, type EngineEventOf, notEvaluableReason } from '@picket/contracts/event';
import { phase } from '@picket/contracts/primitive';
import { discoveryPorts, discoveryUdpPorts } from '@picket/plan/plan';
import { isWide } from '@picket/plan/wide-range';
import { z } from 'zod';
import { packedCoverage } from '../../jobs/domain/coverage.ts';
import { scanSummaries } from '../../jobs/scan-summary.ts';
import { blocksSet, type StoredPlan, storedPlan } from '../../jobs/stored-plan.ts';
import { readGroups } from '../../server/access/read-groups.ts';
import { seenRanges } from '../../server/access/sight.ts';
import type { AccessScope, PlatformContext } from '../../server/context.ts';
import { readFeatures } from '../../server/feature-switches.ts';
import { notFound } from '../../server/http-error.ts';
import { accountOutcome, answerText } from './domain/account-outcome.ts';
import { accountPorts } from './domain/account-ports.ts';
import { linesWith, type ScopeLine } from './domain/scope-lines.ts';
import { accountScan, factsOfHost, leasesOfSlice, networkLines, notesOf, sliceOf, unitsOf } from './queries.ts';

interface Asked {
  readonly text: string;
  readonly address: IpAddress;
  readonly request: ScanRequest;
  readonly plan: StoredPlan;
  readonly networkId: number;
}

/** Why an address is in the results of a job, or is not. */
export async function readAccount(
  context: PlatformContext,
  scope: AccessScope,
  scanId: number,
  text: string,
): Promise<HostAccount> {
  const { db } = context.database;
  const row = await accountScan(scope, db, scanId);
  const parsed = parseIp(text);
  if (!row || !parsed.ok) throw notFound('scan', scanId);
  const { network_id: networkId } = row;
  const [request, plan] = [scanRequest.parse(row.request), storedPlan.parse(row.plan)];
  const asked: Asked = { text, address: parsed.value, request, plan, networkId };
  const visible = seenRanges(scope, networkId);
  const seen = visible === null || contains(visible, asked.address);
  const inPlan = contains(blocksSet(plan.ranges), asked.address);
  const { lines, registered } = seen ? await linesOf(context, scope, asked, inPlan) : { lines: [], registered: false };
  const work = inPlan ? await workOn(context, scope, scanId, asked) : noWork;
  const [summary] = await scanSummaries(scope, db, [scanId], context.clock.now());
  const features = await readFeatures(scope, db);
  const said = accountOutcome({
    seen,
    inPlan,
    lines,
    registered,
    networkName: row.name,
    familyOff: asked.address.family === 6 && !features.ipv6,
    wide: blocksSet(plan.ranges).some((range) => isWide(range) && contains([range], asked.address)),
    scanReason: summary?.statusReason ?? null,
    host: work.host,
    slice: work.slice,
    discovery: work.discovery && { ...work.discovery, denied: work.denied },
    ports: work.units.find((unit) => unit.phase === 'ports')?.state ?? null,
  });
  return {
    address: text,
    scan: {
      id: row.id,
      status: row.status,
      startedAt: row.started_at && isoTime(row.started_at.getTime()),
      endedAt: row.ended_at && isoTime(row.ended_at.getTime()),
    },
    ...said,
    inPlan,
    lines: [...lines],
    slice: work.slice,
    discovery: work.discovery,
    phases: phasesOf(plan, work.units),
    ports: inPlan && plan.phases.includes('ports') ? accountPorts(plan.ports, work.coverage, work.told) : [],
    notes: work.notes,
  };
}

/** Lines that hold the address: what was written for the job, and the network and asset groups as they are now. */
async function linesOf(
  context: PlatformContext,
  scope: AccessScope,
  { text, address, request, plan, networkId }: Asked,
  inPlan: boolean,
): Promise<{ readonly lines: readonly ScopeLine[]; readonly registered: boolean }> {
  const { db } = context.database;
  const names = new Map(plan.names.map(({ name, addresses }) => [name, blocksSet(addresses)]));
  const targets = linesWith(request.targets, address, { source: 'targets', names });
  const groups = await readGroups(scope, db, request.assetGroupIds);
  const held = [...groups.values()]
    .filter((group) => group.coversAll || contains(rangeSet(group.networks.get(networkId) ?? []), address))
    .map(({ name }): ScopeLine => ({ source: 'asset-group', effect: 'includes', text: name, line: null }));
  const network = await networkLines(scope, db, networkId, text);
  const excluded = contains(blocksSet(plan.exclusions), address) && !inPlan;
  const out: ScopeLine[] = excluded ? [...linesWith(request.exclude, address, { source: 'exclude', names })] : [];
  for (const { first, last } of excluded ? network.filter(({ kind }) => kind === 'exclusion') : []) {
    const range = first === last ? first : `${first}-${last}`;
    out.push({ source: 'network-exclusion', effect: 'excludes', text: range, line: null });
  }
  if (excluded && out.length === 0) out.push({ source: 'earlier-exclusion', effect: 'excludes', text: '', line: null });
  const lines = [...targets, ...held, ...out].slice(0, 20);
  return { lines, registered: network.some(({ kind }) => kind === 'range') };
}

interface Work {
  readonly host: EngineEventOf<'host'> | null;
  readonly told: readonly EngineEventOf<'port'>[];
  readonly slice: HostAccount['slice'];
  readonly discovery: HostAccount['discovery'];
  readonly denied: number;
  readonly units: Awaited<ReturnType<typeof unitsOf>>;
  readonly coverage: z.output<typeof packedCoverage> | null;
  readonly notes: HostAccount['notes'];
}

const noWork: Work = {
  host: null,
  told: [],
  slice: null,
  discovery: null,
  denied: 0,
  units: [],
  coverage: null,
  notes: [],
};

const deniedCount = z.object({ denied: z.number().int() }).partial();

/** What was done about the address, by the slice that holds it. */
async function workOn(context: PlatformContext, scope: AccessScope, scanId: number, asked: Asked): Promise<Work> {
  const { db } = context.database;
  const { text, plan } = asked;
  const slice = await sliceOf(scope, db, scanId, text);
  if (!slice) return noWork;
  const leases = await leasesOfSlice(scope, db, slice.id);
  const units = await unitsOf(scope, db, scanId, { address: text, block: slice.block });
  const events = (await factsOfHost(scope, db, scanId, text)).map((event) => engineEvent.parse(event));
  const host = events.find((event) => event.type === 'host') ?? null;
  const unit = units.find((one) => one.phase === 'discovery');
  const notes = await notesOf(scope, db, scanId, { address: text, sliceId: slice.id });
  const { id: _id, block, ...rest } = slice;
  return {
    host,
    told: events.filter((event) => event.type === 'port'),
    slice: {
      ...rest,
      leases: leases.map((one) => ({
        attempt: one.attempt,
        appliance: one.name,
        grantedAt: isoTime(one.granted_at.getTime()),
      })),
    },
    discovery: unit
      ? {
          block,
          ...stateOf(unit),
          at: isoTime(unit.at.getTime()),
          answer: host && answerText(host),
          probes: probesOf(plan),
        }
      : null,
    denied: deniedCount.catch({}).parse(unit?.counts).denied ?? 0,
    units: units.filter((one) => one.phase !== 'discovery'),
    coverage: packedCoverage.nullable().parse(units.find((one) => one.phase === 'ports')?.coverage ?? null),
    notes: hostAccount.shape.notes.parse(notes.map((note) => ({ ...note, at: isoTime(note.at.getTime()) }))),
  };
}

type UnitRow = Awaited<ReturnType<typeof unitsOf>>[number];

function stateOf({ state, reason, detail }: Pick<UnitRow, 'state' | 'reason' | 'detail'>) {
  return { state, detail, reason: reason === null ? null : notEvaluableReason.catch('internal-error').parse(reason) };
}

function probesOf(plan: StoredPlan): string[] {
  if (plan.assumeAlive) return ['none: every address is taken as there'];
  return [
    `TCP ${discoveryPorts.join(', ')}`,
    `with raw packets also ARP or neighbour discovery on its own link, ICMP echo and timestamp, UDP ${discoveryUdpPorts.join(', ')}`,
  ];
}

function phasesOf(plan: StoredPlan, units: readonly UnitRow[]): HostAccount['phases'] {
  return phase.options
    .filter((name) => name !== 'discovery')
    .map((name) => {
      const unit = units.find((one) => one.phase === name);
      if (unit) return { phase: name, ...stateOf(unit), at: isoTime(unit.at.getTime()) };
      const state = plan.phases.includes(name) ? 'not-begun' : 'not-planned';
      return { phase: name, state, reason: null, detail: null, at: null };
    });
}
