import { parseRange } from '@picket/base/ip';
import { rangeSet } from '@picket/base/range-set';
import { expect, test } from 'vitest';
import { blockSizing, blocks } from './blocks.ts';
import { buildPlan } from './plan.ts';
import { profiles } from './profile.ts';
import { isWide, sweptPart } from './wide-range.ts';

const range = (text: string) => {
  const parsed = parseRange(text);
  if (!parsed.ok) throw new Error(text);
  return parsed.value;
};

const request = {
  kind: 'map',
  exclude: '',
  ports: '80',
  profile: profiles.normal,
  assumeAlive: false,
  services: false,
  checks: false,
  resolved: new Map(),
} as const;

test.each([
  ['fd00::/64', true],
  ['fd00::/103', true],
  ['fd00::/104', false],
  ['fd00::1', false],
  ['0.0.0.0/0', false],
])('%s is too large to sweep: %s', (text, wide) => {
  expect(isWide(range(text))).toBe(wide);
});

test('a wide range is one block beside the blocks of what is swept, whose size it does not change', () => {
  const set = rangeSet([range('10.0.0.0/23'), range('fd00::/64')]);
  expect(blockSizing(set)).toEqual({ blockSize: 256n });
  expect([...blocks(set, blockSizing(set))]).toHaveLength(3);
  expect([...blocks(set, blockSizing(set))].at(-1)).toEqual(range('fd00::/64'));
  expect(sweptPart(set)).toEqual([range('10.0.0.0/23')]);
});

test('a plan takes whole IPv6 links, and nothing else that is too large to sweep', () => {
  const plan = buildPlan({ ...request, targets: '10.0.0.1,fd00::/64' });
  expect(plan.ok && plan.value.estimate.addresses).toBe(1n);
  expect(buildPlan({ ...request, targets: 'fd00::/64', exclude: 'fd00::1' }).ok).toBe(true);
  for (const targets of ['10.0.0.0/7', 'fd00::/88', 'fd00::/48', '::1-ffff::'])
    expect(buildPlan({ ...request, targets }).ok).toBe(false);
});
