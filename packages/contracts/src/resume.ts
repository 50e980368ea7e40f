import { z } from 'zod';
import { checksProgress, ProgressFold } from './checks-progress.ts';
import {
  type EngineEvent,
  type EngineEventOf,
  hostEvent,
  portEvent,
  serviceEvent,
  type UnitRef,
  unitKey,
  unitRef,
} from './event.ts';

/** What an earlier run of a slice settled: ended units, and the facts that later phases of the same hosts build on. */
export const resumeState = z.object({
  ended: z.array(unitRef).max(200_000),
  hosts: z.array(hostEvent).max(70_000),
  ports: z.array(portEvent).max(500_000),
  services: z.array(serviceEvent).max(500_000),
  /** Of hosts whose checks did not end. */
  checks: z.array(checksProgress).max(200_000).default([]),
});
export type ResumeState = z.infer<typeof resumeState>;

export const emptyResume: ResumeState = { ended: [], hosts: [], ports: [], services: [], checks: [] };

/**
 * Folds the events of an interrupted run into what the next run may skip. Facts of units that did not end are dropped, but for what is
 * done of the checks of a host.
 */
export function resumeFrom(events: Iterable<EngineEvent>): ResumeState {
  const ended = new Map<string, UnitRef>();
  const hosts = new Map<string, EngineEventOf<'host'>>();
  const ports = new Map<string, EngineEventOf<'port'>>();
  const services = new Map<string, EngineEventOf<'service'>>();
  const checks = new ProgressFold();
  for (const event of events) {
    switch (event.type) {
      case 'unit':
        if (isEnd(event)) ended.set(unitKey(event.unit), event.unit);
        break;
      case 'host':
        // A host may be told again by a later unit; until that one ends the earlier word stands.
        hosts.set(`${event.address}|${unitKey(event.unit)}`, event);
        break;
      case 'port':
        ports.set(`${event.address}|${event.protocol}|${event.port}`, event);
        break;
      case 'service':
        services.set(`${event.address}|${event.protocol}|${event.port}`, event);
        break;
      case 'checked':
        if (!ended.has(unitKey(event.unit))) checks.add(event);
        break;
      default:
        break;
    }
  }
  const settled = (event: EngineEvent) => ended.has(unitKey(event.unit));
  return {
    ended: [...ended.values()],
    hosts: [...new Map([...hosts.values()].filter(settled).map((host) => [host.address, host])).values()],
    ports: [...ports.values()].filter(settled),
    services: [...services.values()].filter(settled),
    checks: checks.of((address) => !ended.has(unitKey({ phase: 'checks', subject: address }))),
  };
}

/** `done` and `not-evaluable` end a unit; `cancelled` does not: it may be run again. */
function isEnd(event: EngineEventOf<'unit'>): boolean {
  return event.state === 'done' || event.state === 'not-evaluable';
}
