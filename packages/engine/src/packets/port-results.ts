import type { OpenPort, PortCoverage, PortScanResult } from '../run/probe-stages.ts';
import { cellState } from './cell-state.ts';
import { portOf, type ProbeSpec } from './probe-list.ts';

/** Up to so many UDP ports without an answer are told one by one; more are in the coverage only. */
const silentUdpTold = 64;

/** The port scan of one host from the states of its cells. */
export function portResult(
  probes: readonly ProbeSpec[],
  stateOf: (probe: number) => number,
  ttlOf: (probe: number) => number,
): PortScanResult {
  const open: OpenPort[] = [];
  const tcp = { tested: [] as number[], closed: [] as number[], filtered: [] as number[] };
  const udp = { tested: [] as number[], closed: [] as number[], filtered: [] as number[] };
  const silentUdp: number[] = [];
  for (const [index, probe] of probes.entries()) {
    const into = probe.kind === 'udp' ? udp : tcp;
    const port = portOf(probe);
    const state = stateOf(index);
    into.tested.push(port);
    if (state === cellState.closed) into.closed.push(port);
    else if (state !== cellState.open) into.filtered.push(port);
    if (state === cellState.open) open.push(openPort(probe, ttlOf(index)));
    if (state === cellState.silent && probe.kind === 'udp') silentUdp.push(port);
  }
  if (silentUdp.length <= silentUdpTold)
    for (const port of silentUdp) open.push({ protocol: 'udp', port, state: 'open|filtered', reason: 'no-answer' });
  return { open, coverage: [coverageOf('tcp', tcp), coverageOf('udp', udp)].flat(), untested: null };
}

function openPort(probe: ProbeSpec, ttl: number): OpenPort {
  const udp = probe.kind === 'udp';
  return {
    protocol: udp ? 'udp' : 'tcp',
    port: portOf(probe),
    state: 'open',
    reason: udp ? 'udp-answer' : 'syn-ack',
    ...(ttl > 0 ? { ttl } : {}),
  };
}

/** Ports come in rising order from the plan. Nothing for a protocol without ports. */
function coverageOf(
  protocol: 'tcp' | 'udp',
  ports: { tested: number[]; closed: number[]; filtered: number[] },
): PortCoverage[] {
  return ports.tested.length > 0 ? [{ protocol, ...ports }] : [];
}
