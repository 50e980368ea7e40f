import { describe, expect, it } from 'vitest';
import { answersEverywhere, portsWorthTrying } from './answers-everywhere.ts';

describe('a host that accepts every port', () => {
  it('is recognised when at least half of many ports are open', () => {
    expect(answersEverywhere(65_535, 65_535)).toBe(true);
    expect(answersEverywhere(998, 1000)).toBe(true);
    expect(answersEverywhere(499, 1000)).toBe(false);
  });

  it('is not a host with a few ports open of the few that were asked', () => {
    expect(answersEverywhere(20, 20)).toBe(false);
    expect(answersEverywhere(199, 199)).toBe(false);
  });

  it('is looked at on its likeliest ports alone', () => {
    const tried = portsWorthTrying(Array.from({ length: 65_535 }, (_, index) => index + 1));
    expect(tried.size).toBe(24);
    expect([22, 80, 443].every((port) => tried.has(port))).toBe(true);
  });

  it('is looked at even where no port is a likely one', () => {
    expect(portsWorthTrying([60_001, 60_002])).toEqual(new Set([60_001, 60_002]));
  });
});
