import type { ApplianceDoctor, Appliance, ApplianceNetworkError } from '@picket/contracts/api/appliance';
import type { DoctorPart } from '@picket/contracts/doctor';
import type { ledgerRow, PlanPreview, ScanDetail, scanHost, ScanSummary } from '@picket/contracts/api/scan';
import type { z } from 'zod';
import { ago, sampleAsset } from './fixture-data.ts';

/** A running scan, finished ones, an incomplete one, a map, one that waits. */
export function sampleScans(): readonly ScanDetail[] {
  return [
    scan(12, {
      title: 'Head office, weekly',
      status: 'running',
      complete: null,
      endedAt: null,
      progress: 0.46,
      etaSeconds: 412,
    }),
    scan(11, { title: 'Head office, weekly', status: 'finished', complete: true, progress: 1 }),
    scan(10, { title: '', kind: 'map', status: 'finished', complete: true, progress: 1 }),
    scan(9, {
      title: 'Branch printers',
      status: 'finished',
      complete: false,
      progress: 1,
      statusReason: '14 units could not be evaluated; see the reasons below.',
    }),
    scan(8, {
      title: 'New servers',
      status: 'queued',
      complete: null,
      startedAt: null,
      endedAt: null,
      progress: 0,
      statusReason: 'No appliance of the network Branch is online. It starts when one comes back.',
    }),
    scan(6, { title: 'Map of the campus', kind: 'map', status: 'finished', complete: true, progress: 1 }),
    scan(7, { title: 'Cancelled by hand', status: 'canceled', complete: false, progress: 0.4 }),
  ];
}

function scan(id: number, change: Partial<ScanDetail>): ScanDetail {
  const running = change.status === 'running';
  const idle = change.status === 'queued';
  const kind = change.kind ?? 'scan';
  const share = idle ? 0 : running ? 0.5 : 1;
  const unit = (phase: 'discovery' | 'ports' | 'services' | 'checks', total: number, done: number) => ({
    phase,
    pending: Math.max(0, total - done - (running ? 6 : 0) - (idle ? 0 : 5)),
    running: running ? 6 : 0,
    done,
    notEvaluable: idle || change.complete === true ? 0 : 5,
    cancelled: 0,
  });
  return {
    id,
    kind,
    title: '',
    status: 'finished',
    statusReason: null,
    complete: true,
    networkId: 1,
    networkName: 'Head office',
    targets: '10.20.0.0-10.20.3.255, web.example.org',
    createdAt: ago(60 * (14 - id) + 5),
    startedAt: ago(60 * (14 - id) + 4),
    endedAt: ago(60 * (14 - id) - 20),
    createdBy: 'manager',
    progress: 1,
    etaSeconds: null,
    phases:
      kind === 'map'
        ? [unit('discovery', 16, 16)]
        : [
            unit('discovery', 16, 16 * (idle ? 0 : 1)),
            unit('ports', 120, 110 * share),
            unit('services', 110, 90 * share),
            unit('checks', 110, 60 * share),
          ],
    hostsUp: idle ? 0 : 118,
    openPorts: idle || kind === 'map' ? 0 : 611,
    findings: {
      critical: idle ? 0 : 2,
      high: idle ? 0 : 9,
      medium: idle ? 0 : 31,
      low: idle ? 0 : 44,
      info: idle ? 0 : 120,
    },
    request: {
      kind,
      networkId: 1,
      targets: '10.20.0.0/22 web.example.org',
      assetGroupIds: [],
      exclude: '10.20.1.9',
      ports: 'top1000',
      profile: 'normal',
      assumeAlive: false,
      services: true,
      checks: true,
      intrusive: false,
      applianceIds: [],
      title: '',
    },
    plan: {
      kind,
      phases: kind === 'map' ? ['discovery'] : ['discovery', 'ports', 'services', 'checks'],
      addresses: '1024',
      ports: 1000,
      packets: '2095104',
      rate: 2000,
      seconds: 1048,
      slices: 1,
      names: [{ name: 'web.example.org', addresses: ['10.20.0.80'] }],
      excluded: [{ source: 'network', name: 'Head office', addresses: '1' }],
      optionProfile: { id: 101, name: 'Printers', version: 3 },
    },
    appliances: [{ id: 1, name: 'is_headoffice', slices: 1, state: running ? 'working' : 'done' }],
    slices: { pending: 0, leased: running ? 1 : 0, done: running ? 0 : 1, cancelled: 0 },
    sent: {
      packets: 812_345,
      connections: 4021,
      answers: 120_443,
      timeouts: 3312,
      rate: running ? 1843.2 : 0,
      peakRate: 2000,
      busiestHost: { address: '10.20.0.80', packets: 2310 },
    },
    notEvaluable:
      change.complete === true
        ? []
        : [
            { phase: 'ports', reason: 'filtered', units: 3 },
            { phase: 'checks', reason: 'fragile-host', units: 2 },
          ],
    notes: [
      {
        at: ago(12),
        level: 'warning',
        code: 'governor.slowed',
        message: 'Loss of 4 % on 10.20.2.0/24: the rate was halved.',
        address: null,
      },
      {
        at: ago(11),
        level: 'error',
        code: 'host.lost',
        message: 'The host stopped answering during the port scan.',
        address: '10.20.0.14',
      },
      {
        at: ago(10),
        level: 'info',
        code: 'governor.recovered',
        message: 'No loss for a minute: the rate is back at 2,000/s.',
        address: null,
      },
    ],
    ...change,
  };
}

/** A scan as the list shows it. */
export function summaryOf(detail: ScanDetail): ScanSummary {
  return detail;
}

/** Rows of the live grid. */
export function sampleLedger(kind: 'block' | 'host'): readonly z.infer<typeof ledgerRow>[] {
  const none = { info: 0, low: 0, medium: 0, high: 0, critical: 0 };
  if (kind === 'block') {
    return Array.from({ length: 4 }, (_, index) => ({
      subject: `10.20.${index}.0-10.20.${index}.255`,
      kind,
      names: [],
      assetId: null,
      units: [
        {
          phase: 'discovery' as const,
          state: index < 3 ? ('done' as const) : ('running' as const),
          reason: null,
          detail: null,
        },
      ],
      openPorts: 0,
      findings: none,
    }));
  }
  return Array.from({ length: 118 }, (_, index) => {
    const asset = sampleAsset(index + 1);
    const states =
      index < 50
        ? (['done', 'done', 'done'] as const)
        : index < 58
          ? (['done', 'running', 'pending'] as const)
          : (['pending', 'pending', 'pending'] as const);
    const broken = index % 13 === 4;
    return {
      subject: asset.address,
      kind,
      names: asset.name ? [asset.name] : [],
      assetId: asset.id,
      units: (['ports', 'services', 'checks'] as const).map((phase, at) => ({
        phase,
        state: broken && at === 2 ? ('not-evaluable' as const) : (states[at] ?? ('pending' as const)),
        reason: broken && at === 2 ? ('fragile-host' as const) : null,
        detail: null,
      })),
      openPorts: asset.openPorts,
      findings: index < 50 ? asset.detections : none,
    };
  });
}

/** Hosts as the scan saw them. */
export function sampleHosts(): readonly z.infer<typeof scanHost>[] {
  return Array.from({ length: 118 }, (_, index) => {
    const asset = sampleAsset(index + 1);
    return {
      address: asset.address,
      assetId: asset.id,
      names: asset.name ? [asset.name] : [],
      reason: 'syn-ack',
      os: asset.os,
      openPorts: [
        { protocol: 'tcp' as const, port: 22, service: 'ssh', product: 'OpenSSH', version: '9.2p1' },
        { protocol: 'tcp' as const, port: 443, service: 'http', product: 'nginx', version: '1.22.1' },
      ],
      findings: asset.detections,
    };
  });
}

export function samplePlan(kind: 'map' | 'scan'): PlanPreview {
  return {
    kind,
    phases: kind === 'map' ? ['discovery'] : ['discovery', 'ports', 'services', 'checks'],
    addresses: '256',
    ports: 1000,
    packets: '523776',
    rate: 2000,
    seconds: 262,
    slices: 1,
    names: [],
    excluded: [
      { source: 'subscription', name: null, addresses: '1' },
      { source: 'network', name: 'Head office', addresses: '1' },
    ],
    optionProfile: null,
    appliances: [{ id: 1, name: 'is_headoffice', online: true }],
    outlook: {
      startsAt: ago(0),
      duration: { basis: 'history', seconds: 312, fromSeconds: 280, toSeconds: 540, scans: 4, since: ago(60 * 24 * 9) },
      windows: { opensAt: ago(-60), fits: false, runs: 3, endsAt: ago(-60 * 50), cut: false, zone: 'Europe/Berlin' },
      way: {
        known: 'traced',
        traced: 41,
        hops: [
          { address: '10.20.0.1', name: 'edge', targets: 41, stateful: 'OPNsense 25.1' },
          { address: '10.20.8.1', name: null, targets: 12, stateful: null },
        ],
        scanId: 10,
        at: ago(60 * 24),
      },
      reach: [
        { id: 1, name: 'is_headoffice', online: true, way: 'found-hosts', hosts: 118, scanId: 11, at: ago(60 * 3) },
      ],
      unregistered: [],
    },
    warnings: ['10.20.0.0/24 is reached through a stateful firewall: results may suffer.'],
  };
}

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
