import { describe, expect, it } from 'vitest';
import { accountFaults } from './account-rules.ts';

const choices = {
  unitIds: [1, 2],
  groups: new Map([
    [10, { unitId: 1 }],
    [20, { unitId: 2 }],
    [30, { unitId: null }],
  ]),
};
const manager = { role: 'manager', unitId: null } as const;
const unitManager = { role: 'unit-manager', unitId: 1 } as const;
const fields = (...given: Parameters<typeof accountFaults>) => accountFaults(...given).map((fault) => fault.field);

describe('accountFaults', () => {
  it('has none for a Manager who gives any role, unit and group', () => {
    const wanted = { role: 'unit-manager', businessUnitId: 2, assetGroupIds: [10, 20, 30] } as const;
    expect(fields(manager, wanted, choices)).toEqual([]);
  });

  it('refuses a unit or a group for those who see everything', () => {
    for (const role of ['manager', 'auditor'] as const) {
      const wanted = { role, businessUnitId: 1, assetGroupIds: [10] };
      expect(fields(manager, wanted, choices)).toEqual(['businessUnitId', 'assetGroupIds']);
    }
  });

  it('refuses units and groups that are not there', () => {
    const wanted = { role: 'reader', businessUnitId: 9, assetGroupIds: [99] } as const;
    expect(fields(manager, wanted, choices)).toEqual(['businessUnitId', 'assetGroupIds']);
  });

  it('lets a Unit Manager make Scanners and Readers of the own unit with groups of the unit', () => {
    for (const role of ['scanner', 'reader'] as const) {
      expect(fields(unitManager, { role, businessUnitId: 1, assetGroupIds: [10] }, choices)).toEqual([]);
    }
  });

  it('lets no Unit Manager raise anybody above the own place', () => {
    for (const role of ['manager', 'auditor', 'unit-manager'] as const) {
      expect(fields(unitManager, { role, businessUnitId: null, assetGroupIds: [] }, choices)).toContain('role');
    }
    for (const wanted of [
      { role: 'reader', businessUnitId: 2, assetGroupIds: [] },
      { role: 'reader', businessUnitId: null, assetGroupIds: [] },
    ] as const) {
      expect(fields(unitManager, wanted, choices)).toEqual(['businessUnitId']);
    }
    for (const id of [20, 30]) {
      expect(fields(unitManager, { role: 'reader', businessUnitId: 1, assetGroupIds: [id] }, choices)).toEqual([
        'assetGroupIds',
      ]);
    }
  });
});
