import { type Overview, overview } from '@picket/contracts/api/inventory';
import { severity } from '@picket/contracts/primitive';
import type { FastifyPluginAsync } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { scanSummaries } from '../../jobs/scan-summary.ts';
import { contactOf, isOnline } from '../../jobs/domain/presence.ts';
import { everyRole, scopeOf } from '../../server/authentication.ts';
import type { AccessScope, PlatformContext } from '../../server/context.ts';
import { severityCountsSchema } from '../../storage/severity-counts.ts';
import * as queries from './overview-queries.ts';

const weekMs = 7 * 86_400_000;
/** Rows of each short list. */
const shortList = 5;

/** The figures of the first page, from one snapshot each. */
export function overviewPlugin(context: PlatformContext): FastifyPluginAsync {
  return async (plain) => {
    const app = plain.withTypeProvider<ZodTypeProvider>();
    const schema = { tags: ['overview'], summary: 'How things stand', response: { 200: overview } };
    app.get('/api/v1/overview', { config: { access: everyRole }, schema }, (request) =>
      readOverview(context, scopeOf(request)),
    );
  };
}

/** `waiting`: provisioned and never heard of. */
function countAppliances(rows: Awaited<ReturnType<typeof queries.applianceContacts>>, now: number) {
  const counts = { online: 0, offline: 0, waiting: 0 };
  for (const row of rows) {
    if (row.state === 'provisioned') counts.waiting += 1;
    else if (row.state === 'active' && isOnline(contactOf(row), now)) counts.online += 1;
    else counts.offline += 1;
  }
  return counts;
}

async function readOverview(context: PlatformContext, scope: AccessScope): Promise<Overview> {
  const { db } = context.database;
  const now = context.clock.now();
  const totals = await queries.totals(scope, db, new Date(now - weekMs));
  const worst = await queries.worstAssets(scope, db, shortList);
  const checks = await queries.topChecks(scope, db, shortList);
  // As the pages of the scans say it: the ledger weighted by phase, not a share of its rows.
  const running = await scanSummaries(scope, db, await queries.openScans(scope, db), now);
  return {
    assets: totals.assets,
    assetsNeverScanned: totals.never_scanned,
    services: totals.services,
    detections: severityCountsSchema.parse(totals.detections),
    newLast7Days: totals.new_detections,
    reopened: totals.reopened,
    notEvaluable: totals.not_evaluable,
    appliances: countAppliances(await queries.applianceContacts(scope, db), now),
    runningScans: running.map(({ id, title, progress }) => ({ id, title, progress })),
    worstAssets: worst.map((row) => ({ ...row, detections: severityCountsSchema.parse(row.detections) })),
    topChecks: checks.map((row) => ({ ...row, severity: severity.catch('info').parse(row.severity) })),
  };
}
