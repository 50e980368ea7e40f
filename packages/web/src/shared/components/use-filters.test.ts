import { expect, test } from 'vitest';
import { formatFilters, mergeFilters, parseFilters } from './use-filters.ts';

test('a filter that is set to nothing leaves the URL', () => {
  expect(mergeFilters({ q: 'ssh', severity: 'high' }, { q: '' })).toEqual({ severity: 'high' });
});
test('numbers in the URL stay the text that was written', () => {
  expect(parseFilters('?q=010&sort=risk')).toEqual({ q: '010', sort: 'risk' });
});
test('what is written is read back the same', () => {
  const filters = { q: 'a & b = c', status: 'new,active' };
  expect(parseFilters(formatFilters(filters))).toEqual(filters);
  expect(formatFilters({})).toBe('');
});
