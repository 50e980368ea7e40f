import type { Invitation } from '@picket/contracts/api/invitation';
import type { AssetGroup, BusinessUnit } from '@picket/contracts/api/people';
import { ago } from './fixture-data.ts';

/** Business units of the sample platform. */
export const sampleUnits: readonly BusinessUnit[] = [
  { id: 1, name: 'Plant Hamburg', comments: '', accounts: 2, assetGroups: 1 },
];

/** Open invitations of the sample platform. */
export const sampleInvitations: readonly Invitation[] = [
  {
    id: 1,
    login: 'guest@example.org',
    name: 'Sample Guest',
    email: 'guest@example.org',
    role: 'scanner',
    businessUnitId: 1,
    businessUnitName: 'Plant Hamburg',
    assetGroupIds: [2],
    invitedBy: 'manager',
    sentAt: ago(60 * 30),
    expiresAt: ago(-60 * 24 * 5),
    expired: false,
  },
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

/** Accounts of the sample platform. */
export function sampleAccounts() {
  const base = {
    id: 1,
    login: 'manager',
    name: 'Sample Manager',
    email: null,
    role: 'manager',
    disabled: false,
    businessUnitId: null,
    businessUnitName: null,
    assetGroupIds: [],
    createdAt: ago(60 * 24 * 30),
    lastSignInAt: ago(3),
  };
  return [
    base,
    {
      ...base,
      id: 2,
      login: 'reader',
      name: 'Sample Reader',
      role: 'reader',
      email: 'reader@example.org',
      lastSignInAt: null,
    },
  ];
}
