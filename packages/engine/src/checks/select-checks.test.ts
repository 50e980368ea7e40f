import { compileCheck } from '@picket/checks/compile-check';
import { expect, it } from 'vitest';
import type { ServiceEvent } from '../run/stages.ts';
import { applies } from './select-checks.ts';

function check(body: string) {
  const compiled = compileCheck(`id: a\ninfo:\n  name: a\n  severity: low\n${body}`);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.error));
  return compiled.value;
}

const service = (more: Partial<ServiceEvent>): ServiceEvent => ({
  type: 'service',
  unit: { phase: 'services', subject: '10.0.0.1' },
  time: new Date(0).toISOString(),
  address: '10.0.0.1',
  protocol: 'tcp',
  port: 50_050,
  service: 'unknown',
  cpes: [],
  confidence: 1,
  method: 'probe',
  ...more,
});

it('takes a check that compares TLS fingerprints to whatever speaks TLS, on every port', () => {
  const jarm = check(
    'tcp:\n  - host: ["{{Hostname}}"]\n    matchers:\n      - type: dsl\n        dsl: ["jarm(Hostname) == \'00\'"]\n',
  );
  expect(jarm.services).toEqual(['tls']);
  expect(applies(jarm, service({ tunnel: 'tls' }))).toBe(true);
  expect(applies(jarm, service({ tunnel: 'tls', service: 'http' }))).toBe(true);
  expect(applies(jarm, service({}))).toBe(false);
  expect(applies(jarm, service({ tunnel: 'starttls', service: 'smtp' }))).toBe(false);
});
