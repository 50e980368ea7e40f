import { describe, expect, it } from 'vitest';
import { isUpToDate } from './up-to-date.ts';

const platform = { software: '0.2.0', content: '7' };

describe('isUpToDate', () => {
  it.each([
    ['0.2.0', '7', true],
    ['0.1.0', '7', false],
    ['0.2.0', '6', false],
    [null, null, null],
  ])('software %s with content %s: %s', (software, content, expected) => {
    expect(isUpToDate({ software_version: software, content_version: content }, platform)).toBe(expected);
  });
});
