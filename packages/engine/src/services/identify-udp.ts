import type { IdentifyTarget, StageTools } from '../run/stages.ts';
import { isReflection } from './converse.ts';
import type { PortOutcome } from './outcome.ts';
import type { ProbeContext, ServiceProbe } from './probe.ts';
import type { ServiceTiming } from './timing.ts';

/** Finds out what speaks on a UDP port: each probe of the port sends one datagram, until an answer fits. */
export async function identifyUdp(
  target: IdentifyTarget,
  tools: StageTools,
  timing: ServiceTiming,
  probes: readonly ServiceProbe[],
): Promise<PortOutcome> {
  const context: ProbeContext = { host: target.names[0] ?? target.address, port: target.port, tls: false };
  let evidence: { probe: string; bytes: Uint8Array } | null = null;
  for (const probe of udpCandidates(probes, target.port)) {
    if (tools.signal.aborted) break;
    const payload = probe.next([], context);
    if (payload === null || payload === 'start-tls') continue;
    const exchanged = await tools.dialer.exchangeUdp({
      address: target.address,
      port: target.port,
      timeoutMs: timing.udpMs,
      signal: tools.signal,
      payload,
      maxAnswers: 1,
    });
    const answer = exchanged.ok ? exchanged.value[0] : undefined;
    if (!answer) continue;
    const found = isReflection(payload, answer)
      ? { service: 'echo', confidence: 0.9 }
      : probe.classify([answer], context);
    if (found) {
      return {
        identification: found,
        probe: probe.name,
        method: 'probe',
        evidence: answer,
        tls: null,
        tunnel: null,
        remark: null,
      };
    }
    evidence ??= { probe: probe.name, bytes: answer };
  }
  return {
    identification: null,
    probe: evidence?.probe ?? 'none',
    method: 'probe',
    evidence: evidence?.bytes ?? new Uint8Array(0),
    tls: null,
    tunnel: null,
    remark: evidence ? 'answers in a way that no probe knows' : 'no answer to any probe of this port',
  };
}

/** The probes of the port; on a port that nobody knows, those with a fallback rank. */
function udpCandidates(probes: readonly ServiceProbe[], port: number): readonly ServiceProbe[] {
  const udp = probes.filter((probe) => probe.transport === 'udp');
  const own = udp.filter((probe) => probe.ports.includes(port));
  if (own.length > 0) return own;
  return udp
    .filter((probe) => probe.fallbackRank !== undefined)
    .sort((a, b) => (a.fallbackRank ?? 0) - (b.fallbackRank ?? 0));
}
