import type { Appliance, ApplianceDoctor, ApplianceNetworkError } from '@picket/contracts/api/appliance';
import type { DoctorPart } from '@picket/contracts/doctor';
import { ago } from './fixture-data.ts';

/** What the network doctor of an appliance said. */
export function sampleDoctor(): ApplianceDoctor {
  const step = (part: DoctorPart, detail: string, outcome: 'ok' | 'warning' = 'ok') => ({ part, outcome, detail });
  const steps = [
    step('link', 'eth0 is up, carrier'),
    step('address', '10.20.0.5/24'),
    step('gateway', '10.20.0.1'),
    step('dns', 'picket.example is 10.9.0.2'),
    { part: 'proxy' as const, outcome: 'not-used' as const, detail: '' },
    step('platform', 'picket.example:8443, certificate verified'),
    step('endpoints', '8 of 8 answer'),
    step(
      'clock',
      '93 s behind the platform, whose time is used: set the clock of the machine or of its host',
      'warning',
    ),
    step('transfer', '14 ms there and back, 48 Mbit/s up, 95 Mbit/s down'),
  ];
  const report = { steps, error: null, endedAt: ago(2) };
  return { state: 'done', requestedAt: ago(3), requestedBy: 'manager', report };
}

/** What the first appliance told: a cable that was out for minutes, and names that are looked up again. */
export function sampleNetworkErrors(): ApplianceNetworkError[] {
  const kind = 'network-error' as const;
  const names = { kind, code: '06', description: 'LAN DNS failed', eCode: 'E05' };
  const cable = { kind, code: '13', description: 'LAN no CARRIER', eCode: 'E10' };
  const lost = { kind: 'communication-failure' as const, code: null, description: 'PK con timeout', eCode: 'E06' };
  return [
    { ...lost, raisedAt: ago(30), clearedAt: ago(20), reportedAt: ago(20) },
    { ...names, raisedAt: ago(50), clearedAt: null, reportedAt: ago(40) },
    { ...cable, raisedAt: ago(4000), clearedAt: ago(3990), reportedAt: ago(3990) },
    ...[5, 6, 7, 8].map((day) => ({
      ...cable,
      raisedAt: ago(1440 * day),
      clearedAt: ago(1440 * day - 5),
      reportedAt: ago(1440 * day - 5),
    })),
  ];
}

/** Appliances in every state. */
export function sampleAppliances(): Appliance[] {
  const base: Appliance = {
    id: 1,
    name: 'is_headoffice',
    state: 'active',
    online: true,
    kind: 'process',
    busy: true,
    lanAddress: '10.20.0.5',
    personalizationCode: null,
    code: null,
    softwareVersion: '0.1.0',
    contentVersion: '2026.11.20',
    upToDate: true,
    availablePercent: 62,
    connection: 'long-poll',
    scanServices: 'connected',
    lastContact: ago(0.2),
    pollIntervalSeconds: 180,
    heartbeatSeconds: 600,
    networkIds: [1],
    assetGroupIds: [],
    runningScans: [12],
    runningMaps: [],
    spool: { events: 214, bytes: 131_072, full: false },
    trouble: [],
    createdAt: ago(60 * 24 * 30),
  };
  return [
    base,
    {
      ...base,
      id: 2,
      name: 'is_branch',
      online: false,
      busy: false,
      connection: 'none',
      scanServices: 'not-connected',
      lastContact: ago(184),
      networkIds: [2],
      runningScans: [],
      availablePercent: null,
      upToDate: false,
      trouble: [
        {
          code: 'appliance.offline',
          message: 'No contact for 3 h. Check its power, its network and the proxy on its way.',
        },
      ],
    },
    {
      ...base,
      id: 3,
      name: 'is_new',
      state: 'provisioned',
      online: false,
      kind: null,
      busy: false,
      lanAddress: null,
      personalizationCode: '••••••••••••••',
      code: { state: 'waiting', expiresAt: ago(-60 * 24) },
      softwareVersion: null,
      contentVersion: null,
      upToDate: null,
      availablePercent: null,
      connection: 'none',
      scanServices: 'not-connected',
      lastContact: null,
      networkIds: [1],
      assetGroupIds: [],
      runningScans: [],
      spool: null,
    },
    {
      ...base,
      id: 4,
      name: 'is_old',
      state: 'revoked',
      online: false,
      busy: false,
      connection: 'none',
      scanServices: 'not-connected',
      lastContact: ago(60 * 24 * 9),
      runningScans: [],
      networkIds: [],
    },
  ];
}
