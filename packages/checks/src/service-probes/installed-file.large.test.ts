import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseServiceProbes } from './parse-service-probes.ts';
import { ServiceProbeMatcher } from './service-probe-matcher.ts';

/** The file that a user of Debian would most likely give; nothing of it is in this repository. */
const installed = '/usr/share/nmap/nmap-service-probes';

describe.runIf(existsSync(installed))('the service probes that come with nmap (needs the package nmap)', () => {
  const file = parseServiceProbes(readFileSync(installed, 'latin1'));

  it('are understood line by line', () => {
    expect(file.problems).toEqual([]);
    expect(file.probes.length).toBeGreaterThan(100);
  });

  it('are usable but for one match in a hundred', () => {
    const matches = file.probes.reduce((sum, probe) => sum + probe.matches.length, 0);
    const { unusable } = new ServiceProbeMatcher(file);
    expect(matches).toBeGreaterThan(10_000);
    expect(unusable.length / matches).toBeLessThan(0.01);
  });
});
