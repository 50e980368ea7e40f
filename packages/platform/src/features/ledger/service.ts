import type { scanHost } from '@picket/contracts/api/scan';
import { engineEvent, type EngineEventOf } from '@picket/contracts/event';
import type { z } from 'zod';
import { osName, productName } from '@picket/contracts/software-name';
import { blockRows, hostRows, type LedgerRow } from '../../jobs/ledger-rows.ts';
import type { AccessScope, PlatformContext } from '../../server/context.ts';
import { notFound } from '../../server/http-error.ts';
import { decodeCursor, encodeCursor } from '../../server/page-cursor.ts';
import { blockPage, hostFacts, hostPage, type LedgerQuery, scanExists } from './queries.ts';

interface Page<T> {
  readonly items: T[];
  readonly nextCursor: string | null;
  readonly total: number;
}
export type ScanHost = z.output<typeof scanHost>;

/** A page of the live grid: hosts by address, or blocks. */
export async function ledgerPage(
  context: PlatformContext,
  scope: AccessScope,
  scanId: number,
  query: LedgerQuery,
): Promise<Page<LedgerRow>> {
  const { db } = context.database;
  if (!(await scanExists(scope, db, scanId))) throw notFound('scan', scanId);
  if (query.kind === 'host') {
    const { subjects, nextCursor, total } = await hostSubjects(context, scope, scanId, query);
    return { items: [...(await hostRows(scope, db, scanId, subjects))], nextCursor, total };
  }
  const cursor = decodeCursor('ledger-block', 1, query.cursor);
  const offset = cursor === null ? 0 : Math.max(0, Number(cursor[0]));
  const page = await blockPage(scope, db, scanId, query, offset);
  const shown = page.subjects.slice(0, query.limit);
  const nextCursor = page.subjects.length > query.limit ? encodeCursor('ledger-block', [offset + query.limit]) : null;
  return { items: [...(await blockRows(scope, db, scanId, shown))], nextCursor, total: page.total };
}

async function hostSubjects(context: PlatformContext, scope: AccessScope, scanId: number, query: LedgerQuery) {
  const cursor = decodeCursor('ledger-host', 1, query.cursor);
  const after = cursor === null ? null : String(cursor[0]);
  const page = await hostPage(scope, context.database.db, scanId, query, after);
  const subjects = page.subjects.slice(0, query.limit);
  const last = subjects.at(-1);
  const nextCursor =
    page.subjects.length > query.limit && last !== undefined ? encodeCursor('ledger-host', [last]) : null;
  return { subjects, nextCursor, total: page.total };
}

/** A page of hosts as this job saw them, by address. */
export async function scanHostPage(
  context: PlatformContext,
  scope: AccessScope,
  scanId: number,
  query: Omit<LedgerQuery, 'kind' | 'state'>,
): Promise<Page<ScanHost>> {
  const { db } = context.database;
  if (!(await scanExists(scope, db, scanId))) throw notFound('scan', scanId);
  const { subjects, nextCursor, total } = await hostSubjects(context, scope, scanId, { ...query, kind: 'host' });
  const rows = await hostRows(scope, db, scanId, subjects);
  const facts = (await hostFacts(scope, db, scanId, subjects)).map((event) => engineEvent.parse(event));
  const byAddress = Map.groupBy(facts, (event) => ('address' in event ? (event.address ?? '') : ''));
  const items = rows.flatMap((row): ScanHost[] => {
    if (row.assetId === null) return [];
    return [
      {
        ...described(byAddress.get(row.subject) ?? []),
        address: row.subject,
        assetId: row.assetId,
        names: row.names,
        findings: row.findings,
      },
    ];
  });
  return { items, nextCursor, total };
}

function described(events: readonly z.output<typeof engineEvent>[]): Pick<ScanHost, 'reason' | 'os' | 'openPorts'> {
  const host = events.find((event): event is EngineEventOf<'host'> => event.type === 'host');
  const os = events.find((event): event is EngineEventOf<'os'> => event.type === 'os');
  const services = events.filter((event): event is EngineEventOf<'service'> => event.type === 'service');
  const guessed = services.find((service) => service.os)?.os;
  const product = os ?? guessed;
  const openPorts = events
    .filter((event): event is EngineEventOf<'port'> => event.type === 'port' && event.state === 'open')
    .map(({ protocol, port }) => {
      const service = services.find((one) => one.protocol === protocol && one.port === port);
      return {
        protocol,
        port,
        service: service?.service ?? null,
        product: productName(service?.vendor, service?.product),
        version: service?.version ?? null,
      };
    });
  return {
    reason: host?.reason ?? '',
    os: product ? osName(product) : null,
    openPorts,
  };
}
