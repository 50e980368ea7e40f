import type { CompareChange, CompareItem, CompareKind } from '@picket/contracts/api/compare';
import type { ScanDetail } from '@picket/contracts/api/scan';
import { sampleAsset } from './fixture-data.ts';

const blank = {
  protocol: null,
  port: null,
  check: null,
  name: null,
  severity: null,
  before: null,
  after: null,
} as const;

function items(kind: CompareKind): readonly CompareItem[] {
  const at = (index: number, change: CompareChange, rest: Partial<CompareItem>): CompareItem => {
    const { id, address } = sampleAsset(index + 1);
    return { ...blank, kind, change, reason: null, address, assetId: id, ...rest };
  };
  const port = { protocol: 'tcp', port: 443 } as const;
  if (kind === 'host')
    return [
      at(0, 'new', { after: 'syn-ack' }),
      at(1, 'gone', { before: 'rst' }),
      at(2, 'not-tested', { before: 'arp', reason: 'window-closed' }),
    ];
  if (kind === 'port')
    return [
      at(0, 'opened', { ...port, after: 'open' }),
      at(1, 'closed', { ...port, before: 'open' }),
      at(2, 'no-answer', { ...port, before: 'open' }),
      at(3, 'not-tested', { ...port, before: 'open', reason: 'not-planned' }),
    ];
  if (kind === 'service')
    return [at(0, 'changed', { ...port, before: 'http nginx 1.22.1', after: 'http nginx 1.27.0' })];
  const finding = { ...port, check: 'weak-thing', name: 'A weak thing', severity: 'high' } as const;
  return [
    at(0, 'new', { ...finding, after: 'high' }),
    at(1, 'fixed', { ...finding, before: 'high' }),
    at(2, 'severity', { ...finding, before: 'medium', after: 'high' }),
    at(3, 'not-tested', { ...finding, before: 'high', reason: 'port-closed' }),
  ];
}

/** Two sample scans against each other; with scan 11 after scan 9 nothing is different. */
export function sampleComparison(after: ScanDetail, before: ScanDetail, query: URLSearchParams) {
  const given = query.get('kind');
  const kind = given === 'port' || given === 'service' || given === 'finding' ? given : 'host';
  const all = after.id === 11 && before.id === 9 ? [] : items(kind);
  const counts: Partial<Record<CompareChange, number>> = {};
  for (const { change } of all) counts[change] = (counts[change] ?? 0) + 1;
  const change = query.get('change');
  return {
    items: all.filter((item) => change === null || item.change === change),
    rest: { after: side(after), before: side(before), samePlan: before.id !== 7, counts },
  };
}

function side({ id, kind, title, status, complete, startedAt, endedAt }: ScanDetail) {
  return { id, kind, title, status, complete, startedAt, endedAt };
}

/** The scan before a sample scan. */
export function samplePrevious(scans: readonly ScanDetail[], id: number) {
  const scan = scans.find((one) => one.id < id && one.kind === 'scan' && one.endedAt !== null);
  return { scan: scan ? side(scan) : null, by: scan ? 'schedule' : null };
}
