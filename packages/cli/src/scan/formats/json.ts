import type { JobOutcome } from '@picket/engine/run/run-job';
import { formatRange } from '@picket/base/ip';
import type { Plan } from '@picket/plan/plan';
import { formatPorts } from '@picket/plan/port-set';
import { openPorts, type ScanResult } from '../scan-result.ts';
import { hostsInOrder } from './hosts-in-order.ts';

/** The whole result as one document: hosts, ports, services, findings with evidence, and what was not tested. */
export function jsonDocument(
  result: ScanResult,
  plan: Plan,
  outcome: JobOutcome,
  times: { startedAt: number; endedAt: number },
): string {
  const document = {
    format: 'picket-scan',
    version: 1,
    startedAt: new Date(times.startedAt).toISOString(),
    endedAt: new Date(times.endedAt).toISOString(),
    outcome,
    plan: planJson(plan),
    hosts: hostsInOrder(result).map((host) => ({
      address: host.address,
      reason: host.host?.reason ?? null,
      names: host.host?.names ?? [],
      mac: host.host?.mac ?? null,
      macVendor: host.host?.macVendor ?? null,
      os: host.os ? facts(host.os) : null,
      route: host.route ? facts(host.route) : null,
      ports: openPorts(host).map((port) => ({
        protocol: port.protocol,
        port: port.port,
        state: port.state,
        reason: port.reason,
        ...(port.ttl === undefined ? {} : { ttl: port.ttl }),
      })),
      coverage: host.coverage ?? [],
      services: [...host.services.values()].map(facts),
      findings: host.findings.map(facts),
      notTested: host.untested,
    })),
    notTested: result.untested,
    notes: result.notes.map(facts),
    sent: result.stats ? facts(result.stats) : null,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** An event without its envelope. */
function facts<T extends { type: string; unit: unknown; time: string }>(event: T): Omit<T, 'type' | 'unit' | 'time'> {
  const { type: _type, unit: _unit, time: _time, ...rest } = event;
  return rest;
}

/** A plan as JSON: addresses and packets as decimal text, because they may exceed 2^53. */
export function planJson(plan: Plan): Record<string, unknown> {
  return {
    kind: plan.kind,
    phases: plan.phases,
    targets: plan.ranges.map(formatRange),
    exclusions: plan.exclusions.map(formatRange),
    names: plan.names,
    ports: formatPorts(plan.ports),
    profile: plan.profile.name,
    estimate: { ...plan.estimate, addresses: `${plan.estimate.addresses}`, packets: `${plan.estimate.packets}` },
  };
}
