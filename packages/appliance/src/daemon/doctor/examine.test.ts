import { describe, expect, it } from 'vitest';
import type { DoctorReport } from '@picket/contracts/doctor';
import type { NetworkView } from '../network/network-view.ts';
import { lan } from '../../testing/lan-port.ts';
import { type DoctorProbes, examine, type Finding, type Patient } from './examine.ts';

const view: NetworkView = { ports: [lan], dns: ['10.0.0.53'], deadGateways: [], invalid: [] };
const patient: Patient = {
  host: 'picket.example',
  family: 4,
  hasProxy: true,
  attempt: 'boot',
  now: () => '2026-11-29T00:00:00.000Z',
};
const well = async (): Promise<Finding> => ({ outcome: 'ok', detail: 'fine' });
const probes: DoctorProbes = {
  look: async () => view,
  resolve: well,
  proxy: well,
  platform: well,
  endpoints: well,
  clock: async () => ({ outcome: 'warning', detail: 'slow' }),
  transfer: well,
};

const outline = (report: DoctorReport) => report.steps.map(({ part, outcome }) => `${part} ${outcome}`);

describe('the network doctor', () => {
  it('goes through link, address, gateway, DNS, proxy and platform in this order, and tells each as it runs', async () => {
    const running: string[] = [];
    const report = await examine(patient, probes, ({ steps }) => {
      running.push(steps.find(({ outcome }) => outcome === 'running')?.part ?? 'end');
    });
    expect(running).toEqual([
      'link',
      'address',
      'gateway',
      'dns',
      'proxy',
      'platform',
      'endpoints',
      'clock',
      'transfer',
      'end',
    ]);
    expect(outline(report)).toEqual([
      'link ok',
      'address ok',
      'gateway ok',
      'dns not-used',
      'proxy ok',
      'platform ok',
      'endpoints ok',
      'clock warning',
      'transfer ok',
    ]);
    expect(report.endedAt).toBe('2026-11-29T00:00:00.000Z');
    expect(report.error).toBeNull();
  });

  it('stops at the first failure: the rest was not tested, and the code is that of NETWORK ERR', async () => {
    const failing = { ...probes, look: async () => ({ ...view, ports: [{ ...lan, gateway: null }] }) };
    const report = await examine(patient, failing, () => {});
    expect(outline(report)).toEqual([
      'link ok',
      'address ok',
      'gateway failed',
      'dns not-tested',
      'proxy not-tested',
      'platform not-tested',
      'endpoints not-tested',
      'clock not-tested',
      'transfer not-tested',
    ]);
    expect(report.error).toMatchObject({ code: '06', description: 'no LAN IPv4 GW', eCode: 'E10' });
  });

  it('asks for a name only where one has to be resolved here', async () => {
    const direct = { ...patient, hasProxy: false };
    expect(outline(await examine(direct, probes, () => {}))).toContain('dns ok');
    expect(outline(await examine({ ...direct, host: '10.0.0.9' }, probes, () => {}))).toContain('dns not-used');
    expect(outline(await examine({ ...direct, host: null }, probes, () => {}))).toEqual(
      expect.arrayContaining(['dns not-tested', 'platform not-tested']),
    );
  });
});
