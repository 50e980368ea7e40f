import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { probes } from './registry.ts';
import { servicesPage } from './services-page.ts';
import { allDaemons } from './testing/all-daemons.ts';
import { specificationAnswers } from './testing/specification-answers.ts';

const named = (proved: 'server' | 'specification') =>
  probes
    .filter((probe) => probe.proved === proved)
    .map(({ name }) => name)
    .sort();

describe('what a probe rests on', () => {
  it('is a real daemon that must be recognised by it, for each that says so and for no other', () => {
    expect([...new Set(allDaemons.map(({ proves }) => proves))].sort()).toEqual(named('server'));
    expect(named('server').length).toBeGreaterThanOrEqual(45);
  });

  it('is an answer of the specification, for each that says so and for no other', () => {
    expect([...new Set(specificationAnswers.map(({ probe }) => probe))].sort()).toEqual(named('specification'));
  });

  it.each(specificationAnswers.map((each) => [each.probe, each.source, each] as const))(
    '%s: recognised by %s',
    (_name, _source, { probe: name, port, answers, service }) => {
      const probe = probes.find((each) => each.name === name);
      expect(probe?.classify(answers, { host: 'h', port: port ?? probe.ports[0] ?? 1, tls: false })?.service).toBe(
        service,
      );
    },
  );

  it('is listed for the reader in docs/services.md', () => {
    const page = readFileSync(join(import.meta.dirname, '../../../../docs/services.md'), 'utf8');
    expect(page, 'write it anew with: node scripts/services-page/main.ts').toBe(servicesPage(probes));
  });
});
