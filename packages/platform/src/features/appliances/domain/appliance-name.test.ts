import { applianceName } from '@picket/contracts/api/appliance';
import { describe, expect, it } from 'vitest';
import { defaultApplianceName } from './appliance-name.ts';

describe('defaultApplianceName', () => {
  it.each([
    ['anna', [], 'is_anna'],
    ['anna', ['IS_ANNA'], 'is_anna2'],
    ['anna', ['is_anna', 'is_anna2'], 'is_anna3'],
    ['a.very.long.login.name', [], 'is_a.very.long.'],
    ['a.very.long.login.name', ['is_a.very.long.'], 'is_a.very.long2'],
    ['anna@example.org', [], 'is_anna_example'],
  ])('%s with %j taken is %s', (login, taken, name) => {
    expect(defaultApplianceName(login, new Set(taken))).toBe(name);
    expect(applianceName.safeParse(name).success).toBe(true);
  });
});
