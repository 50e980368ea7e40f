import { describe, expect, it } from 'vitest';
import { parseReleaseKeys } from './release-keys.ts';
import { compareVersions } from './release-version.ts';

describe('versions', () => {
  it.each([
    ['0.2.0', '0.10.0', -1],
    ['0.10.0', '0.2.0', 1],
    ['1.0.0', '1.0.0', 0],
    ['20261129.2', '20261129.10', -1],
    ['20261130.1', '20261129.9', 1],
    ['none', '20261129.1', -1],
    ['unknown', 'none', 0],
    ['0.2.0', '', 1],
  ])('%s against %s', (left, right, sign) => {
    expect(compareVersions(left, right)).toBe(sign);
  });
});

describe('a file of release keys', () => {
  const key = 'A'.repeat(43);

  it('holds a key a line, with notes', () => {
    expect(parseReleaseKeys(`# ours\n\n${key} made in November\n`)).toEqual({ ok: true, value: [key] });
  });

  it('is refused when a line holds anything else, or no line holds a key', () => {
    expect(parseReleaseKeys(`${key}\nnonsense\n`)).toEqual({ ok: false, error: 'line 2 holds no Ed25519 public key' });
    expect(parseReleaseKeys('# none\n').ok).toBe(false);
    expect(parseReleaseKeys(`${key}\n`.repeat(33)).ok).toBe(false);
  });
});
