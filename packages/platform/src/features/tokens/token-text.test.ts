import { systemRandom } from '@picket/base/adapters/system';
import { describe, expect, it } from 'vitest';
import { looksLikeToken, newToken } from './token-text.ts';

describe('the text of an API token', () => {
  it('is found by its form, and each one is another', () => {
    const tokens = Array.from({ length: 200 }, () => newToken(systemRandom));
    for (const token of tokens) {
      expect(token).toMatch(/^pkt_[0-9A-Za-z]{36}$/);
      expect(looksLikeToken(token)).toBe(true);
    }
    expect(new Set(tokens).size).toBe(200);
  });

  it('is refused with one character changed, missing or added', () => {
    const token = newToken(systemRandom);
    for (let place = 0; place < token.length; place++) {
      const other = token[place] === 'x' ? 'y' : 'x';
      expect(looksLikeToken(token.slice(0, place) + other + token.slice(place + 1))).toBe(false);
    }
    expect(looksLikeToken(token.slice(0, -1))).toBe(false);
    expect(looksLikeToken(`${token}0`)).toBe(false);
  });
});
