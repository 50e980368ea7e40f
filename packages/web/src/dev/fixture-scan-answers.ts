import type { ScanDetail } from '@picket/contracts/api/scan';
import { sampleAccount } from './fixture-account.ts';
import { type Answer, list, one } from './fixture-answer.ts';
import { sampleComparison, samplePrevious } from './fixture-compare.ts';
import { sampleDifference, sampleMap, sampleMapHosts } from './fixture-map.ts';
import { sampleHosts, sampleLedger, sampleScans } from './fixture-scans.ts';

const scans = sampleScans();

/** Scans and maps, by kind and status. */
export function answerScans(query: URLSearchParams): Answer {
  return list(
    scans.filter(
      (scan) => scan.kind === (query.get('kind') ?? scan.kind) && scan.status === (query.get('status') ?? scan.status),
    ),
    query,
  );
}

/** One scan, or a part of it; `item` is an address or another scan. */
export function answerScan(number: number, part: string, item: string, query: URLSearchParams): Answer | null {
  const scan = scans.find((one) => one.id === number);
  const isEmpty = scan?.progress === 0;
  if (isEmpty && item === '' && (part === 'ledger' || part === 'hosts')) return list([], query);
  if (part === 'ledger') return list(sampleLedger(query.get('kind') === 'block' ? 'block' : 'host'), query);
  if (part === 'previous') return one(samplePrevious(scans, number));
  if (part === 'compare')
    return answerComparison(
      scan,
      scans.find((one) => one.id === Number(item)),
      query,
    );
  if (part === 'hosts' && item !== '') return scan ? one(sampleAccount(scan, item)) : null;
  if (part === 'hosts') return list(sampleHosts(), query);
  return one(scan);
}

function answerComparison(
  after: ScanDetail | undefined,
  before: ScanDetail | undefined,
  query: URLSearchParams,
): Answer | null {
  if (!after || !before) return null;
  const { items, rest } = sampleComparison(after, before, query);
  const page = list(items, query);
  return { ...page, body: { ...Object(page.body), ...rest } };
}

/** A part of one map. */
export function answerMap(id: number, part: string, query: URLSearchParams): Answer | null {
  const job = scans.find((scan) => scan.id === id);
  if (!job) return null;
  if (part === 'result') return one(sampleMap(job));
  if (part === 'hosts') return list(sampleMapHosts(job, query), query);
  if (part !== 'difference') return null;
  const before = scans.find((scan) => scan.kind === 'map' && scan.id < id);
  const { items, rest } = sampleDifference(job, before, query.get('kind'));
  const page = list(items, query);
  return { ...page, body: { ...Object(page.body), ...rest } };
}
