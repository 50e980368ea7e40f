import {
  type Detection,
  type DetectionDetail,
  detection,
  detectionDetail,
  listDetectionsQuery,
} from '@picket/contracts/api/inventory';
import { idParams, page } from '@picket/contracts/api/page';
import { proofClass } from '@picket/contracts/event';
import { severity, transport } from '@picket/contracts/primitive';
import type { FastifyPluginAsync } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { everyRole, scopeOf } from '../../server/authentication.ts';
import { readCheckInfo } from '../../server/check-info.ts';
import type { AccessScope, PlatformContext } from '../../server/context.ts';
import { notFound } from '../../server/http-error.ts';
import { encodeCursor, pageOf } from '../../server/page-cursor.ts';
import { ensureCheckNumbers } from '../../storage/check-numbers.ts';
import {
  countDetections,
  type DetectionRow,
  detectionCursorKey,
  findDetection,
  listDetections,
} from './detection-queries.ts';

function shown(row: DetectionRow, checkNumber: number): Detection {
  return {
    id: row.id,
    assetId: row.asset_id,
    address: row.address,
    assetName: row.asset_name,
    networkName: row.network_name,
    check: row.check_id,
    checkNumber,
    name: row.name,
    severity: severity.catch('info').parse(row.severity),
    status: row.status,
    proof: proofClass.catch('version-banner').parse(row.proof),
    protocol: transport.nullable().catch(null).parse(row.protocol),
    port: row.port === 0 ? null : row.port,
    instance: row.instance,
    firstSeen: row.first_seen.toISOString(),
    lastSeen: row.last_seen.toISOString(),
    lastTested: row.last_tested.toISOString(),
    fixedAt: row.fixed_at?.toISOString() ?? null,
    timesFound: row.times_found,
    notEvaluable: row.not_evaluable,
  };
}

const storedEvidence = z
  .object({
    request: z.string().optional(),
    response: z.string().optional(),
    matcher: z.string().optional(),
    extracted: z.array(z.string()).optional(),
    trimmed: z.boolean().optional(),
  })
  .catch({});

function evidenceOf(stored: unknown): DetectionDetail['evidence'] {
  const {
    request = null,
    response = null,
    matcher = null,
    extracted = [],
    trimmed = false,
  } = storedEvidence.parse(stored);
  return { request, response, matcher, extracted, trimmed };
}

/** Findings over time. */
export function detectionsPlugin(context: PlatformContext): FastifyPluginAsync {
  const { db } = context.database;
  /** An appliance with newer content reports checks that this platform has no number for yet: they get one now. */
  const numbers = async (scope: AccessScope, rows: readonly DetectionRow[]) => {
    const missing = rows.filter((row) => row.check_number === null);
    const made = await ensureCheckNumbers(
      scope,
      db,
      missing.map((row) => ({
        id: row.check_id,
        name: row.name,
        severity: row.severity,
        contentVersion: row.content_version,
      })),
    );
    return (row: DetectionRow) => row.check_number ?? made.get(row.check_id) ?? 1;
  };
  return async (plain) => {
    const app = plain.withTypeProvider<ZodTypeProvider>();
    const tags = ['detections'];
    const config = { access: everyRole };
    app.get(
      '/api/v1/detections',
      {
        config,
        schema: {
          tags,
          summary: 'List detections',
          querystring: listDetectionsQuery,
          response: { 200: page(detection) },
        },
      },
      async (request) => {
        const { query } = request;
        const scope = scopeOf(request);
        const rows = await listDetections(scope, db, query);
        const numberOf = await numbers(scope, rows);
        return pageOf(rows, query.limit, await countDetections(scope, db, query), {
          item: (row) => shown(row, numberOf(row)),
          cursor: (row) => encodeCursor(`detection:${query.sort}`, detectionCursorKey(query.sort, row)),
        });
      },
    );
    app.get(
      '/api/v1/detections/:id',
      {
        config,
        schema: {
          tags,
          summary: 'One detection with its evidence',
          params: idParams,
          response: { 200: detectionDetail },
        },
      },
      async (request) => {
        const scope = scopeOf(request);
        const row = await findDetection(scope, db, request.params.id);
        if (!row) throw notFound('detection', request.params.id);
        const numberOf = await numbers(scope, [row]);
        return {
          ...shown(row, numberOf(row)),
          evidence: evidenceOf(row.evidence),
          scanId: row.seen_scan_id,
          contentVersion: row.content_version,
          checkInfo: await readCheckInfo(scope, db, row.check_id),
        };
      },
    );
  };
}
