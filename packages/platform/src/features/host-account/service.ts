import { isoTime } from '@picket/base/clock';
import { parseIp } from '@picket/base/ip';
import { contains } from '@picket/base/range-set';
import { hostAccount, type HostAccount } from '@picket/contracts/api/host-account';
import { scanRequest } from '@picket/contracts/api/scan';
import { engineEvent, type EngineEventOf, notEvaluableReason } from '@picket/contracts/event';
import { phase } from '@picket/contracts/primitive';
import { isWide } from '@picket/plan/wide-range';
import { z } from 'zod';
import { packedCoverage } from '../../jobs/domain/coverage.ts';
import { sentProbes } from '../../jobs/domain/sent-probes.ts';
import { scanSummaries } from '../../jobs/scan-summary.ts';
import { blocksSet, type StoredPlan, storedPlan } from '../../jobs/stored-plan.ts';
import { seenRanges } from '../../server/access/sight.ts';
import type { AccessScope, PlatformContext } from '../../server/context.ts';
import { readFeatures } from '../../server/feature-switches.ts';
import { notFound } from '../../server/http-error.ts';
import { accountOutcome, answerText } from './domain/account-outcome.ts';
import { accountPorts } from './domain/account-ports.ts';
import { sentText } from './domain/sent-text.ts';
import { type Asked, linesOf } from './lines-of.ts';
import { accountScan, applianceNames, factsOfHost, leasesOfSlice, notesOf, sliceOf, unitsOf } from './queries.ts';

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
  const { lines, registered } = seen ? await linesOf(context, scope, asked) : { lines: [], registered: false };
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
  const { text } = asked;
  const slice = await sliceOf(scope, db, scanId, text);
  const units = await unitsOf(scope, db, scanId, { address: text, block: slice?.block ?? '' });
  const events = (await factsOfHost(scope, db, scanId, text)).map((event) => engineEvent.parse(event));
  const host = events.find((event) => event.type === 'host') ?? null;
  const unit = units.find((one) => one.phase === 'discovery');
  const sent = sentProbes.nullable().parse(unit?.probes ?? null);
  const notes = await notesOf(scope, db, scanId, { address: text, sliceId: slice?.id ?? 0 });
  return {
    host,
    told: events.filter((event) => event.type === 'port'),
    slice: slice && (await toldSlice(context, scope, slice)),
    discovery: unit
      ? {
          block: unit.subject,
          ...stateOf(unit),
          at: isoTime(unit.at.getTime()),
          answer: host && answerText(host),
          probes: sentText(unit.state, sent),
          sent: sent && sent.told > 0 ? sent : null,
        }
      : null,
    denied: deniedCount.catch({}).parse(unit?.counts).denied ?? 0,
    units: units.filter((one) => one.phase !== 'discovery'),
    coverage: packedCoverage.nullable().parse(units.find((one) => one.phase === 'ports')?.coverage ?? null),
    notes: hostAccount.shape.notes.parse(notes.map((note) => ({ ...note, at: isoTime(note.at.getTime()) }))),
  };
}

async function toldSlice(
  { database }: PlatformContext,
  scope: AccessScope,
  { id, block: _block, claimedBy, ...rest }: NonNullable<Awaited<ReturnType<typeof sliceOf>>>,
): Promise<HostAccount['slice']> {
  const leases = await leasesOfSlice(scope, database.db, id);
  const shown = leases.map(({ attempt, name, granted_at: at }) => ({
    attempt,
    appliance: name,
    grantedAt: isoTime(at.getTime()),
  }));
  return { ...rest, claimedBy: await applianceNames(scope, database.db, claimedBy), leases: shown };
}

type UnitRow = Awaited<ReturnType<typeof unitsOf>>[number];

function stateOf({ state, reason, detail }: Pick<UnitRow, 'state' | 'reason' | 'detail'>) {
  return { state, detail, reason: reason === null ? null : notEvaluableReason.catch('internal-error').parse(reason) };
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
