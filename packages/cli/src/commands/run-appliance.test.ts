import type { ApplianceStatus } from '@picket/appliance/local/status';
import { describe, expect, it } from 'vitest';
import { sentence } from './run-appliance.ts';

const status = (change: Partial<ApplianceStatus>): ApplianceStatus => ({
  state: 'connecting',
  attempt: 'boot',
  checkingFiles: false,
  pid: 1,
  updatedAt: '2026-11-21T00:00:00.000Z',
  platform: 'https://p.test:8443',
  softwareVersion: '0.1.0',
  contentVersion: '20261129.1',
  updating: false,
  applianceId: null,
  name: null,
  activationCode: null,
  activationExpiresAt: null,
  lastContact: null,
  polling: 'long',
  lanAddress: null,
  failure: null,
  leases: [],
  spool: { events: 0, bytes: 0, full: false },
  trouble: [],
  ...change,
});

describe('what an appliance in the foreground says', () => {
  it('shows the code and where to enter it', () => {
    const text = sentence(status({ state: 'awaiting-activation', activationCode: '123456789012' }));
    expect(text).toContain('ACTIVATION CODE 123456789012');
    expect(text).toContain('https://p.test:8443');
  });

  it('gives reason and way out when the platform is out of reach', () => {
    const failure = {
      kind: 'dns',
      reason: null,
      message: 'No such name.',
      hint: 'Check the resolver.',
      detail: '',
      proxy: null,
    };
    expect(sentence(status({ state: 'network-error', failure }))).toContain('No such name. Check the resolver.');
  });

  it('names the work, and is silent where there is nothing to say', () => {
    const leases = [{ leaseId: 'a', scanId: 7, kind: 'scan', state: 'running' }];
    expect(sentence(status({ state: 'ready', name: 'lab', leases }))).toBe(
      'lab is in touch with https://p.test:8443, working on scan 7.',
    );
    expect(sentence(status({ state: 'connecting' }))).toBeNull();
  });
});
