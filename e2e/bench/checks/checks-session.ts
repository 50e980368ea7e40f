import { systemClock, systemRandom } from '@picket/base/adapters/system';
import { parseRange } from '@picket/base/ip';
import { rangeSet } from '@picket/base/range-set';
import { nodeSockets } from '@picket/engine/adapters/node-sockets';
import { Governor } from '@picket/engine/gate/governor';
import { JobLimits } from '@picket/engine/gate/limits';
import { PauseGate } from '@picket/engine/gate/pause-gate';
import { ScopeGate } from '@picket/engine/gate/scope-gate';
import type { CheckTools, ServiceEvent } from '@picket/engine/run/stages';
import { profiles } from '@picket/plan/profile';

export const address = '127.0.0.1';

/** What the checks of this machine's loopback address get in a scan: a dialer behind the scope gate and the governor. */
export function benchTools(): CheckTools & { close(): void } {
  const allowed = parseRange(address);
  if (!allowed.ok) throw new Error('the loopback address is an address');
  const end = new AbortController();
  const pause = new PauseGate();
  const profile = profiles.lab;
  const gate = new ScopeGate({
    sockets: nodeSockets(),
    allowed: rangeSet([allowed.value]),
    governor: new Governor({ profile, clock: systemClock, pause, signal: end.signal }),
    limits: new JobLimits({ deadlineMs: null, window: null }, undefined, systemClock),
    pause,
    clock: systemClock,
    signal: end.signal,
    onLimit: () => {},
  });
  const session = gate.session(address);
  return {
    dialer: session.dialer,
    clock: systemClock,
    random: systemRandom,
    signal: session.signal,
    intrusive: false,
    parallel: profile.checksPerHost,
    close: () => session.close(),
  };
}

/** A web server as service identification tells of it. */
export function webService(port: number): ServiceEvent {
  return {
    type: 'service',
    unit: { phase: 'checks', subject: address },
    time: new Date().toISOString(),
    address,
    protocol: 'tcp',
    port,
    service: 'http',
    cpes: [],
    confidence: 1,
    method: 'probe',
  };
}
