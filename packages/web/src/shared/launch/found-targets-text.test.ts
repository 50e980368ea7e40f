import { expect, it } from 'vitest';
import { foundTargetsText } from './found-targets-text.ts';

it('names what the platform finds at the launch, and nothing where that is nothing', () => {
  expect(foundTargetsText({ assetGroupIds: [] })).toBe('');
  expect(foundTargetsText({ assetGroupIds: [1], tagIds: [2, 3], fromMap: { id: 10, networks: [] } })).toBe(
    '1 asset group, 2 tags, the hosts of map 10',
  );
});
