import type { HostAccount } from '@picket/contracts/api/host-account';
import type { ScanDetail } from '@picket/contracts/api/scan';
import { ago, sampleAsset } from './fixture-data.ts';

/** Why a host of a sample scan is there or missing: the first assets are found, the others could not be tested. */
export function sampleAccount(scan: ScanDetail, address: string): HostAccount {
  const found = Array.from({ length: 118 }, (_, index) => sampleAsset(index + 1).address).includes(address);
  const at = ago(30);
  const { id, status, startedAt, endedAt } = scan;
  return {
    address,
    scan: { id, status, startedAt, endedAt },
    outcome: found ? 'found' : 'not-tested',
    because: found
      ? 'It is there: it answered with syn-ack on port 443.'
      : 'Not tested: the window ended before its block was through.',
    remedy: found ? null : 'Widen the window or scan fewer addresses in it.',
    inPlan: true,
    lines: [{ source: 'targets', effect: 'includes', text: '10.20.0.0/22', line: 1 }],
    slice: {
      number: 1,
      state: 'done',
      attempt: 2,
      givenBack: 1,
      claimedBy: [],
      reason: null,
      detail: null,
      leases: [
        { attempt: 2, appliance: 'is_headoffice', grantedAt: ago(40) },
        { attempt: 1, appliance: null, grantedAt: ago(90) },
      ],
    },
    discovery: {
      block: '10.20.0.0-10.20.0.255',
      state: found ? 'done' : 'not-evaluable',
      reason: found ? null : 'window-closed',
      detail: null,
      at,
      answer: found ? 'it answered with syn-ack on port 443' : null,
      probes: [
        'Sent for the whole block in 2 runs:',
        'TCP connections tried to ports 22, 80, 443, 445: 1380.',
        'No raw packets: ordinary connections alone (CAP_NET_RAW is missing).',
        ...(found ? [] : ['61 addresses not asked to the end: the window ended.']),
      ],
      sent: {
        begun: 2,
        told: 2,
        sent: [{ kind: 'tcp-connect', sent: 1380, ports: '22,80,443,445' }],
        unsent: [
          { reason: 'no-raw-packets', detail: 'CAP_NET_RAW is missing' },
          ...(found ? [] : [{ reason: 'window-closed', addresses: 61 }]),
        ],
      },
    },
    phases: (['ports', 'services', 'os', 'checks'] as const).map((phase) => ({
      phase,
      state: phase === 'os' ? 'not-planned' : found ? 'done' : 'not-begun',
      reason: null,
      detail: null,
      at: found && phase !== 'os' ? at : null,
    })),
    ports: [
      {
        protocol: 'tcp',
        planned: '1-1000',
        open: found ? '22,443' : '',
        closed: found ? '1-21,23-442' : '',
        noAnswer: found ? '444-900' : '',
        notTested: found ? '901-1000' : '1-1000',
        coverageKnown: found,
      },
    ],
    notes: [{ at, level: 'info', message: 'Raw packets on eth0.', ofHost: false }],
  };
}
