import { expect, test } from 'vitest';
import { addFinding, emptyFeed, type LedgerRow, type LiveFinding, patchLedger, releaseFeed } from './live-patch.ts';

const counts = { info: 0, low: 0, medium: 0, high: 0, critical: 0 };
function row(subject: string, openPorts = 0): LedgerRow {
  return { subject, kind: 'host', names: [], assetId: null, units: [], openPorts, findings: counts };
}
function finding(detectionId: number): LiveFinding {
  return {
    type: 'finding',
    scanId: 1,
    detectionId,
    assetId: 1,
    address: '10.0.0.1',
    severity: 'high',
    name: 'x',
    port: 22,
    protocol: 'tcp',
  };
}
function list(items: LedgerRow[], nextCursor: string | null = null) {
  return { pages: [{ items, nextCursor, total: items.length }], pageParams: [''] };
}

test('a changed row is replaced where it stands', () => {
  const patched = patchLedger(list([row('10.0.0.1'), row('10.0.0.2')]), [row('10.0.0.1', 7)], 'host');
  expect(patched?.pages[0]?.items.map((item) => item.openPorts)).toEqual([7, 0]);
});
test('a new row joins the end when the whole list is loaded, and counts', () => {
  const patched = patchLedger(list([row('10.0.0.1')]), [row('10.0.0.9')], 'host');
  expect(patched?.pages[0]?.items.map((item) => item.subject)).toEqual(['10.0.0.1', '10.0.0.9']);
  expect(patched?.pages[0]?.total).toBe(2);
});
test('a new row waits for its page when more is to come', () => {
  const patched = patchLedger(list([row('10.0.0.1')], 'next'), [row('10.0.0.9')], 'host');
  expect(patched?.pages[0]?.items).toHaveLength(1);
});
test('blocks do not enter the list of hosts', () => {
  const before = list([row('10.0.0.1')]);
  expect(patchLedger(before, [{ ...row('10.0.0.0-10.0.0.255'), kind: 'block' }], 'host')).toBe(before);
});
test('a finding appears once, and waits while the pointer is on the feed', () => {
  let feed = addFinding(emptyFeed, finding(1), false);
  feed = addFinding(feed, finding(1), false);
  feed = addFinding(feed, finding(2), true);
  expect(feed.shown).toHaveLength(1);
  expect(feed.waiting).toHaveLength(1);
  expect(releaseFeed(feed).shown.map((one) => one.detectionId)).toEqual([2, 1]);
});
