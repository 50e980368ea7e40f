import type { Lease } from '@picket/contracts/lease';
import { emptyResume } from '@picket/contracts/resume';
import { profiles } from '@picket/plan/profile';
import { expect, test } from 'vitest';
import { jobFromLease } from './job.ts';
import { jobOf } from '../testing/run-on.ts';

const lease: Lease = {
  level: 1,
  leaseId: 'l',
  applianceId: 1,
  scanId: 1,
  sliceId: 1,
  attempt: 1,
  kind: 'scan',
  issuedAt: '2026-01-01T00:00:00.000Z',
  expiresAt: '2026-01-01T00:10:00.000Z',
  window: { notBefore: '2026-01-01T00:00:00.000Z', notAfter: '2026-01-01T06:00:00.000Z' },
  deadline: '2026-01-02T00:00:00.000Z',
  networkId: 1,
  blocks: ['10.0.0.0-10.0.0.255', '10.0.1.0/24'],
  exclusions: ['10.0.0.9', '10.0.0.8'],
  names: [{ name: 'a.example', addresses: ['10.0.0.1'] }],
  phases: ['services', 'discovery', 'ports'],
  ports: { tcp: '1-3,80', udp: '53' },
  profile: profiles.normal,
  assumeAlive: false,
  checks: { intrusive: false },
  resume: emptyResume,
};

test('a lease becomes a job with its bounds as numbers and its phases in order', () => {
  const job = jobFromLease(lease);
  expect(job.ok && job.value).toMatchObject({
    phases: ['discovery', 'ports', 'services'],
    ports: { tcp: [1, 2, 3, 80], udp: [53] },
    deadlineMs: Date.UTC(2026, 0, 2),
    window: { notBeforeMs: Date.UTC(2026, 0, 1), notAfterMs: Date.UTC(2026, 0, 1, 6) },
  });
  expect(job.ok && job.value.blocks).toHaveLength(2);
  expect(job.ok && job.value.exclusions).toHaveLength(1);
});

test('a lease without ports is a job without ports', () => {
  const job = jobFromLease({ ...lease, ports: { tcp: '', udp: '' } });
  expect(job.ok && job.value.ports).toEqual({ tcp: [], udp: [] });
});

test.each([
  [{ blocks: ['10.0.0.9-10.0.0.1'] }, 'blocks: "10.0.0.9-10.0.0.1"'],
  [{ exclusions: ['x'] }, 'exclusions: "x"'],
  [{ ports: { tcp: '0', udp: '' } }, 'ports.tcp'],
  [{ ports: { tcp: '', udp: '70000' } }, 'ports.udp'],
  [{ deadline: 'soon' }, 'deadline'],
  [{ window: { notBefore: '2026-01-01T06:00:00.000Z', notAfter: '2026-01-01T00:00:00.000Z' } }, 'window'],
])('a field that can not be used is named: %j', (change, message) => {
  const job = jobFromLease({ ...lease, ...change });
  expect(!job.ok && job.error).toContain(message);
});

test('a plan becomes a job over the same addresses without limits', () => {
  const job = jobOf({ targets: '10.0.0.0/23', exclude: '10.0.0.7' });
  expect(job.blocks).toHaveLength(3);
  expect([job.deadlineMs, job.window, job.checks]).toEqual([null, null, { intrusive: false }]);
});
