import type { FingerprintDb } from '@picket/checks/fingerprints/fingerprint-db';
import type { IdentifyService, IdentifyTarget, StageTools } from '../run/stages.ts';
import { fragileTcpPorts } from './fragile-ports.ts';
import { TcpIdentifier } from './identify-tcp.ts';
import { identifyUdp } from './identify-udp.ts';
import type { PortOutcome } from './outcome.ts';
import type { ServiceProbe } from './probe.ts';
import { probes as allProbes } from './registry.ts';
import { serviceFacts } from './service-facts.ts';
import { withTlsSurvey } from './survey-service.ts';
import { defaultTiming, type ServiceTiming } from './timing.ts';
import { defaultSurveyLimits, type SurveyLimits } from '../tls/survey.ts';

export interface IdentifyOptions {
  readonly fingerprints: FingerprintDb;
  readonly timing?: Partial<ServiceTiming>;
  readonly probes?: readonly ServiceProbe[];
  /** How much a server may be asked about its TLS; null: not beyond one handshake. */
  readonly tlsSurvey?: SurveyLimits | null;
}

/** Handshakes of a TLS survey behind an upgrade, each a conversation of several packets. */
const upgradeHandshakes = 60;

/** The service stage of the engine. */
export function createIdentifyService(options: IdentifyOptions): IdentifyService {
  const timing: ServiceTiming = { ...defaultTiming, ...options.timing };
  const probes = options.probes ?? allProbes;
  const limits = options.tlsSurvey === undefined ? defaultSurveyLimits : options.tlsSurvey;
  return async (target: IdentifyTarget, tools: StageTools) => {
    const outcome = await identify(target, tools, timing, probes);
    const facts = serviceFacts(outcome, portName(target.protocol, target.port, probes), options.fingerprints);
    if (target.protocol === 'udp' || outcome === fragile) return facts;
    return withTlsSurvey(facts, { outcome, target }, tools, { timing, probes, limits, upgradeHandshakes });
  };
}

async function identify(
  target: IdentifyTarget,
  tools: StageTools,
  timing: ServiceTiming,
  probes: readonly ServiceProbe[],
): Promise<PortOutcome> {
  if (target.protocol === 'udp') return identifyUdp(target, tools, timing, probes);
  if (fragileTcpPorts.has(target.port)) return fragile;
  return new TcpIdentifier(target, tools, timing, probes).run();
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
  if (protocol === 'tcp' && fragileTcpPorts.has(port)) return fragileTcpPorts.get(port) ?? null;
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
