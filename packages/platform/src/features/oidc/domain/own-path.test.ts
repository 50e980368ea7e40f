import { describe, expect, it } from 'vitest';
import { ownPath } from './own-path.ts';

describe('where somebody goes after signing in', () => {
  it('is the own page that they came for', () => {
    for (const path of ['/', '/scans/12?tab=plan', '/settings/people?open=2', '/assets?q=%2F%2Fhost'])
      expect(ownPath(path)).toBe(path);
  });

  it('is never another origin, and never an address that acts', () => {
    const foreign = [
      'https://evil.example/',
      '//evil.example/x',
      '/\\evil.example',
      '/\t/evil.example',
      '\\\\evil.example',
      'javascript:alert(1)',
      '/..//evil.example',
      '/.//evil.example',
      '/api/v1/session',
      '/appliance/v1/poll',
      'scans',
      '',
    ];
    for (const path of foreign) expect([path, ownPath(path)]).toEqual([path, '/']);
  });
});
