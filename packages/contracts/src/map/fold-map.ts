import { type EngineEvent, type EngineEventOf, eventKey } from '../event.ts';
import { describeHosts, type HostDraft } from './describe-hosts.ts';
import { mergeHostEvents } from './host-facts.ts';
import { mapLimits, type MapResult } from './map-result.ts';
import { gatherNetworks, loopbackNetworks, NetworkIndex } from './networks.ts';
import { addUpRoutes } from './routes.ts';
import { gatewaysOf, skeletonOf } from './skeleton.ts';
import { runSteps, type Steps } from './steps.ts';

/** The facts of a map so far, by their natural keys. */
export interface MapDraft {
  readonly hosts: Map<string, HostDraft>;
  readonly routes: Map<string, EngineEventOf<'route'>>;
  readonly networks: Map<string, EngineEventOf<'network'>>;
}

export function emptyMap(): MapDraft {
  return { hosts: new Map(), routes: new Map(), networks: new Map() };
}

/**
 * Adds one event; those that a map does not ask for are passed over. The same event again changes nothing, and of two that
 * tell the same fact the newer stands, in whatever order they come.
 */
export function addToMap(draft: MapDraft, event: EngineEvent): void {
  switch (event.type) {
    case 'host': {
      const draftHost = hostOf(draft, event.address);
      draftHost.host = draftHost.host ? mergeHostEvents(draftHost.host, event) : event;
      return;
    }
    case 'port':
      return keep(hostOf(draft, event.address).ports, event);
    case 'service':
      return keep(hostOf(draft, event.address).services, event);
    case 'os': {
      const known = hostOf(draft, event.address);
      if (!known.os || known.os.time <= event.time) known.os = event;
      return;
    }
    case 'route':
      return keep(draft.routes, event);
    case 'network':
      return keep(draft.networks, event);
    default:
  }
}

function hostOf(draft: MapDraft, address: string): HostDraft {
  const known = draft.hosts.get(address);
  if (known) return known;
  const made: HostDraft = { host: null, ports: new Map(), services: new Map(), os: null };
  draft.hosts.set(address, made);
  return made;
}

function keep<Event extends EngineEvent>(facts: Map<string, Event>, event: Event): void {
  const key = eventKey(event) ?? '';
  const known = facts.get(key);
  if (!known || known.time <= event.time) facts.set(key, event);
}

/** The map that the facts make. */
export function finishMap(draft: MapDraft): MapResult {
  return runSteps(mapSteps(draft));
}

/** The same, in steps. */
export function* mapSteps(draft: MapDraft): Steps<MapResult> {
  const named = gatherNetworks(draft.networks.values()).slice(0, mapLimits.networks);
  const known = [...named, ...loopbackNetworks(draft.hosts.keys())];
  const ways = yield* addUpRoutes(draft.routes.values());
  const around = { index: new NetworkIndex(known), ways, gateways: gatewaysOf(known) };
  const described = yield* describeHosts(draft.hosts, around);
  const hosts = described.slice(0, mapLimits.hosts);
  return { skeleton: skeletonOf(known, ways, hosts, described.length - hosts.length), hosts };
}

/** Folds all events of a job. */
export function foldMap(events: Iterable<EngineEvent>): MapResult {
  const draft = emptyMap();
  for (const event of events) addToMap(draft, event);
  return finishMap(draft);
}
