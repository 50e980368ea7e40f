import type { ledgerRow, ScanDetail, scanHost } from '@picket/contracts/api/scan';
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
    nothingLeft(),
    scan(7, { title: 'Cancelled by hand', status: 'canceled', complete: false, progress: 0.4 }),
  ];
}

/** Every address was excluded while it ran: its ledger is empty. */
function nothingLeft(): ScanDetail {
  const whole = scan(5, { title: 'Presses', complete: false, progress: 0 });
  const none = { pending: 0, running: 0, done: 0, notEvaluable: 0, cancelled: 0 };
  return {
    ...whole,
    statusReason: 'Nothing was scanned to the end: every address was excluded after the launch.',
    phases: whole.phases.map(({ phase }) => ({ phase, ...none })),
    hostsUp: 0,
    openPorts: 0,
    findings: { critical: 0, high: 0, medium: 0, low: 0, info: 0 },
    slices: { pending: 0, leased: 0, done: 0, cancelled: 1 },
    notEvaluable: [],
    notes: [
      {
        at: ago(500),
        level: 'info',
        code: 'exclusion-applied',
        message: '256 addresses were excluded after the launch: not scanned from here on.',
        address: null,
      },
    ],
  };
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
      packets: idle ? 0 : 812_345,
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
