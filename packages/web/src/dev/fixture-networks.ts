import { ago } from './fixture-data.ts';

/** Networks of the sample platform. */
export const sampleNetworks = [
  {
    id: 1,
    name: 'Head office',
    ranges: ['10.20.0.0-10.20.255.255'],
    exclusions: ['10.20.1.9'],
    addresses: '65536',
    authorization: null,
    applianceIds: [1],
    assets: 2500,
  },
  {
    id: 2,
    name: 'Branch',
    ranges: ['192.168.7.0-192.168.7.255', '198.51.100.0-198.51.100.255'],
    exclusions: [],
    addresses: '512',
    authorization: { statement: 'Ours since 2019, contract 7.', by: 'manager', at: ago(60 * 24 * 20) },
    applianceIds: [2],
    assets: 2500,
  },
];
