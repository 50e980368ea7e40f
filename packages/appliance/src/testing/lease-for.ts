import type { Lease } from '@picket/contracts/lease';
import { emptyResume } from '@picket/contracts/resume';

let leaseNumber = 0;

/** A lease of loopback for appliance 7, good for ten minutes. */
export function leaseFor(changes: Partial<Lease> = {}): Lease {
  leaseNumber += 1;
  const now = Date.now();
  const at = (milliseconds: number) => new Date(now + milliseconds).toISOString();
  return {
    level: 1,
    leaseId: `lease-${leaseNumber}`,
    applianceId: 7,
    scanId: 3,
    sliceId: 5,
    attempt: 1,
    kind: 'scan',
    issuedAt: at(0),
    expiresAt: at(600_000),
    window: null,
    deadline: at(3_600_000),
    networkId: 1,
    blocks: ['127.0.0.1'],
    exclusions: [],
    names: [],
    phases: ['discovery', 'ports'],
    ports: { tcp: '1', udp: '' },
    profile: {
      name: 'normal',
      packetsPerSecond: 2000,
      packetsPerSecondPerHost: 200,
      hostsAtOnce: 64,
      connectionsPerHost: 8,
      checksPerHost: 4,
      connectTimeoutMs: 500,
      retries: 0,
    },
    assumeAlive: true,
    checks: { intrusive: false },
    resume: emptyResume,
    ...changes,
  };
}
