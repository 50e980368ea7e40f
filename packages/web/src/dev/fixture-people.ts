import type { AssetGroup, BusinessUnit } from '@picket/contracts/api/people';

/** Business units of the sample platform. */
export const sampleUnits: readonly BusinessUnit[] = [
  { id: 1, name: 'Plant Hamburg', comments: '', accounts: 2, assetGroups: 1 },
];

/** Asset groups of the sample platform. */
export const sampleGroups: readonly AssetGroup[] = [
  {
    id: 1,
    name: 'All',
    comments: 'Every address of every network, and every appliance.',
    coversAll: true,
    businessUnitId: null,
    businessUnitName: null,
    networks: [],
    applianceIds: [1, 2, 3],
    accountIds: [2],
    assets: 312,
  },
  {
    id: 2,
    name: 'Hamburg offices',
    comments: 'Printers included',
    coversAll: false,
    businessUnitId: 1,
    businessUnitName: 'Plant Hamburg',
    networks: [
      {
        networkId: 1,
        networkName: 'Head office',
        ranges: ['10.20.0.0-10.20.3.255'],
        exclusions: ['10.20.1.9'],
      },
    ],
    applianceIds: [1],
    accountIds: [2],
    assets: 41,
  },
];
