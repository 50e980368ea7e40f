import type { Detection } from '@picket/contracts/api/inventory';
import { expect, test } from 'vitest';
import { groupDetections } from './group-detections.ts';

function detection(id: number, assetId: number, check: string, severity: Detection['severity']): Detection {
  const at = '2026-11-21T00:00:00.000Z';
  return {
    id,
    assetId,
    address: `10.0.0.${assetId}`,
    assetName: null,
    networkName: 'n',
    check,
    checkNumber: 1,
    name: check,
    severity,
    status: 'new',
    proof: 'behaviour',
    protocol: 'tcp',
    port: 22,
    instance: '',
    firstSeen: at,
    lastSeen: at,
    lastTested: at,
    fixedAt: null,
    timesFound: 1,
    notEvaluable: null,
  };
}

test('groups stand worst first, then largest first, and lose nothing', () => {
  const all = [
    detection(1, 1, 'a', 'low'),
    detection(2, 2, 'a', 'low'),
    detection(3, 1, 'b', 'critical'),
    detection(4, 2, 'c', 'low'),
  ];
  expect(groupDetections(all, 'check').map((group) => [group.key, group.detections.length])).toEqual([
    ['b', 1],
    ['a', 2],
    ['c', 1],
  ]);
});
test('a group of an asset has the severity of its worst member', () => {
  const groups = groupDetections([detection(1, 1, 'a', 'low'), detection(2, 1, 'b', 'high')], 'asset');
  expect(groups).toHaveLength(1);
  expect(groups[0]?.severity).toBe('high');
  expect(groups[0]?.title).toBe('10.0.0.1');
});
