import { canonicalIp } from '@picket/base/ip';
import type { CompareItem, CompareKind } from '@picket/contracts/api/compare';
import { severity } from '@picket/contracts/primitive';
import { productName } from '@picket/contracts/software-name';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { packedCoverage } from '../../jobs/domain/coverage.ts';
import type { AccessScope } from '../../server/context.ts';
import type { Schema } from '../../storage/schema.ts';
import { judgeFinding, judgeHost, judgePort, type OtherHost } from './domain/judge-change.ts';
import { reasonOf, type ScanSide } from './domain/scan-side.ts';
import {
  type FindingRow,
  findingRows,
  hostRows,
  type OtherColumns,
  type Pair,
  portRows,
  type ServiceRow,
  serviceRows,
  type Window,
  windowsOf,
} from './window-queries.ts';

/** A difference without what only a shown one needs. */
export type Change = Omit<CompareItem, 'assetId'>;

/** Two jobs with what each looked at. */
export interface Sides {
  readonly pair: Pair;
  readonly before: ScanSide;
  readonly after: ScanSide;
}

/** Every difference of one kind, by address. A window at a time is in memory, and every fact is read once. */
export async function* changesOf(
  scope: AccessScope,
  db: Kysely<Schema>,
  sides: Sides,
  kind: CompareKind,
): AsyncGenerator<readonly Change[]> {
  for (const window of await windowsOf(scope, db, sides.pair)) {
    const found = await readers[kind](scope, db, sides, window);
    if (found.length > 0) yield found;
  }
}

type Reader = (scope: AccessScope, db: Kysely<Schema>, sides: Sides, window: Window) => Promise<readonly Change[]>;

const blank = { protocol: null, port: null, check: null, name: null, severity: null, before: null, after: null };
const text = (address: string) => canonicalIp(address) ?? address;

const readers: Readonly<Record<CompareKind, Reader>> = {
  host: async (scope, db, sides, window) => {
    const rows = await hostRows(scope, db, sides.pair, window);
    return rows.map(({ address, before, after, assumed }) => {
      const other = before === null ? sides.before : sides.after;
      const said = judgeHost(text(address), before === null, other, assumed);
      return { ...blank, kind: 'host' as const, ...said, address: text(address), before, after };
    });
  },
  port: async (scope, db, sides, window) => {
    const rows = await portRows(scope, db, sides.pair, window);
    return rows.map((row) => {
      const { protocol, port, inLater } = row;
      const said = judgePort({ protocol, port }, inLater, otherHost(row), inLater ? sides.before : sides.after);
      const states = inLater ? { after: 'open' } : { before: 'open' };
      return { ...blank, kind: 'port' as const, ...said, address: text(row.address), protocol, port, ...states };
    });
  },
  service: async (scope, db, sides, window) => (await serviceRows(scope, db, sides.pair, window)).map(serviceChange),
  finding: async (scope, db, sides, window) =>
    (await findingRows(scope, db, sides.pair, window)).map((row) => findingChange(row, sides)),
};

function otherHost(row: OtherColumns & { readonly address: string }): OtherHost {
  const coverage = packedCoverage.nullable().parse(row.coverage ?? null);
  const ports = row.portsState === null ? null : { state: row.portsState, reason: row.portsReason, coverage };
  return { address: text(row.address), up: row.up, ports };
}

const namedService = z.tuple([
  z.string().nullable(),
  z.string().nullable(),
  z.string().nullable(),
  z.string().nullable(),
]);

function serviceText(value: unknown): string | null {
  if (value === null) return null;
  const [service, vendor, product, version] = namedService.parse(value);
  const software = [productName(vendor ?? undefined, product ?? undefined), version].filter((part) => part !== null);
  return [service, ...software].filter((part) => part !== null).join(' ');
}

function serviceChange(row: ServiceRow): Change {
  const { address, protocol, port, otherState } = row;
  const [before, after] = [serviceText(row.before), serviceText(row.after)];
  const common = { ...blank, kind: 'service' as const, address: text(address), protocol, port, before, after };
  if (before !== null && after !== null) return { ...common, change: 'changed', reason: null };
  const reason = otherState === null ? ('not-planned' as const) : reasonOf({ reason: row.otherReason });
  return { ...common, change: after === null ? 'not-tested' : 'not-tested-before', reason };
}

function findingChange(row: FindingRow, sides: Sides): Change {
  const { address, protocol, port, check, name, before, after, inLater } = row;
  const common = { kind: 'finding' as const, address: text(address), protocol, port, check, name, before, after };
  const found = { ...common, severity: severity.parse(after ?? before) };
  if (before !== null && after !== null) return { ...found, change: 'severity', reason: null };
  const checks = row.checksState === null ? null : { state: row.checksState, reason: row.checksReason, coverage: null };
  const said = judgeFinding({ protocol, port }, inLater, {
    host: otherHost(row),
    other: inLater ? sides.before : sides.after,
    check: {
      passed: row.passed,
      foundElsewhere: row.foundElsewhere,
      notEvaluable: row.notEvaluable,
      checks,
      portOpen: port === null ? null : row.portOpen,
    },
  });
  return { ...found, ...said };
}
