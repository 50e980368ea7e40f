import { expect, test } from 'vitest';
import { preferredNetwork } from './preferred-network.ts';

const networks = [{ id: 1 }, { id: 3 }, { id: 2 }];
const appliance = (networkIds: number[], online = true, state: 'active' | 'revoked' = 'active') => ({
  networkIds,
  online,
  state,
});

test('a new scan starts with the newest network that an appliance could scan now', () => {
  expect(preferredNetwork(networks, [appliance([1, 2])], 1)).toBe(2);
  expect(preferredNetwork(networks, [appliance([1]), appliance([3], false), appliance([2], true, 'revoked')], 3)).toBe(
    1,
  );
});
test('without an appliance that is online it starts with the network scanned last', () => {
  expect(preferredNetwork(networks, [appliance([1, 2, 3], false)], 2)).toBe(2);
});
test('a network that is gone is not taken; then it is the newest, or none', () => {
  expect(preferredNetwork(networks, [appliance([9])], 9)).toBe(3);
  expect(preferredNetwork([], [], 9)).toBeNull();
});
