import type { Exclusion } from '@picket/contracts/api/exclusion';
import { ago } from './fixture-data.ts';

/** Exclusions of the sample platform. */
export const sampleExclusions: readonly Exclusion[] = [
  {
    id: 1,
    targets: '10.20.9.0/24',
    ranges: ['10.20.9.0-10.20.9.255'],
    names: [],
    addresses: '256',
    reason: 'Controllers of the presses stop when they are scanned',
    updatedAt: ago(60 * 24 * 3),
    updatedBy: 'manager',
  },
  {
    id: 2,
    targets: 'time.example.org',
    ranges: ['10.20.0.2'],
    names: [{ name: 'time.example.org', addresses: ['10.20.0.2'] }],
    addresses: '1',
    reason: 'Asked for by its operator',
    updatedAt: ago(60 * 5),
    updatedBy: 'manager',
  },
];
