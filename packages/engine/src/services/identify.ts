import type { FingerprintDb } from '@picket/checks/fingerprints/fingerprint-db';
import type { IdentifyService, IdentifyTarget, StageTools } from '../run/stages.ts';
import { fragileTcpPorts, fragileUdpPorts } from './fragile-ports.ts';
import { TcpIdentifier } from './identify-tcp.ts';
import { identifyUdp } from './identify-udp.ts';
import type { PortOutcome } from './outcome.ts';
import type { ServiceProbe } from './probe.ts';
import { probes as allProbes } from './registry.ts';
import { withSecondTenant } from './second-tenant.ts';
import { serviceFacts } from './service-facts.ts';
import { withTlsSurvey } from './survey-service.ts';
import { defaultTiming, type ServiceTiming } from './timing.ts';
import { type UserProbes, withUserProbes } from './user-probes.ts';
import { defaultSurveyLimits, type SurveyLimits } from '../tls/survey.ts';

export interface IdentifyOptions {
  readonly fingerprints: FingerprintDb;
  readonly timing?: Partial<ServiceTiming>;
  readonly probes?: readonly ServiceProbe[];
  /** Asked after our own where those know too little. */
  readonly userProbes?: UserProbes | null;
  /** How much a server may be asked about its TLS; null: not beyond one handshake. */
  readonly tlsSurvey?: SurveyLimits | null;
}

/** Handshakes of a TLS survey behind an upgrade, each a conversation of several packets. */
const upgradeHandshakes = 100;

/** The service stage of the engine. */
export function createIdentifyService(options: IdentifyOptions): IdentifyService {
  const timing: ServiceTiming = { ...defaultTiming, ...options.timing };
  const probes = options.probes ?? allProbes;
  const limits = options.tlsSurvey === undefined ? defaultSurveyLimits : options.tlsSurvey;
  return async (target: IdentifyTarget, tools: StageTools) => {
    const outcome = await identify(target, tools, timing, probes);
    const facts = serviceFacts(outcome, portName(target.protocol, target.port, probes), options.fingerprints);
    if (outcome === fragile) return facts;
    const user = options.userProbes;
    const known = user ? await withUserProbes(facts, { outcome, target }, tools, { timing, user }) : facts;
    if (target.protocol === 'udp') return known;
    return withTlsSurvey(known, { outcome, target }, tools, { timing, probes, limits, upgradeHandshakes });
  };
}

async function identify(
  target: IdentifyTarget,
  tools: StageTools,
  timing: ServiceTiming,
  probes: readonly ServiceProbe[],
): Promise<PortOutcome> {
  const spared = target.protocol === 'tcp' ? fragileTcpPorts.has(target.port) : fragileUdpPorts.has(target.port);
  if (spared && !target.askFragile) return fragile;
  // Behind a fragile port only the probes that are made for it, elsewhere all but those.
  const allowed = probes.filter((probe) => (probe.fragile === true) === spared);
  if (target.protocol === 'udp') return identifyUdp(target, tools, timing, allowed);
  const outcome = await new TcpIdentifier(target, tools, timing, allowed).run();
  return spared ? outcome : withSecondTenant(outcome, target, tools, timing.connectMs);
}

/** The port scan already proved that it is open: nothing at all is sent. */
const fragile: PortOutcome = {
  identification: null,
  probe: 'none',
  method: 'probe',
  evidence: new Uint8Array(0),
  tls: null,
  tunnel: null,
  remark: 'fragile-host: not asked, because devices behind this port are known to print or to stop when they are',
};

/** The service that the port number suggests, or null. */
export function portName(protocol: 'tcp' | 'udp', port: number, probes: readonly ServiceProbe[]): string | null {
  const fragileName = (protocol === 'tcp' ? fragileTcpPorts : fragileUdpPorts).get(port);
  if (fragileName !== undefined) return fragileName;
  const owners = probes.filter((probe) => probe.transport === protocol);
  const place = (probe: ServiceProbe) => {
    const at = [...probe.ports, ...probe.tlsPorts].indexOf(port);
    return at < 0 ? Number.POSITIVE_INFINITY : at;
  };
  const best = owners.reduce<ServiceProbe | null>(
    (found, probe) => (place(probe) < (found ? place(found) : Number.POSITIVE_INFINITY) ? probe : found),
    null,
  );
  return best?.services[0] ?? null;
}
