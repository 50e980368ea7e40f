import type { PlanPreview } from '@picket/contracts/api/scan';
import { type Answer, refusal } from './fixture-answer.ts';
import { ago } from './fixture-data.ts';

/** The plan of any request; one address is in no network. */
export function answerPlan(body: unknown): Answer {
  const text = JSON.stringify(body);
  if (text.includes('9.9.9.9')) {
    return refusal(
      422,
      'scan.target-not-registered',
      '9.9.9.9 is in none of the ranges of this network.',
      'Register it under Settings > Networks, or leave it out.',
      [{ field: 'targets', item: '9.9.9.9', message: '9.9.9.9 is not registered.' }],
    );
  }
  return { status: 200, body: samplePlan(text.includes('"kind":"map"') ? 'map' : 'scan') };
}

function samplePlan(kind: 'map' | 'scan'): PlanPreview {
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
