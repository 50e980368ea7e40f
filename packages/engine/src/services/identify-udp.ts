import type { IdentifyTarget, StageTools } from '../run/stages.ts';
import { isReflection } from './converse.ts';
import type { PortOutcome } from './outcome.ts';
import type { Identification, ProbeContext, ServiceProbe } from './probe.ts';
import type { ServiceTiming } from './timing.ts';

const fallbacksAtOnce = 3;

/** What one probe came to: nothing, an answer that it does not know, or an identification. */
interface Attempt {
  readonly probe: ServiceProbe;
  readonly answer: Uint8Array | null;
  readonly found: Identification | null;
}

/**
 * Finds out what speaks on a UDP port. The probes of the port ask side by side, one datagram each, and the answer that tells most
 * counts; on a port that nobody knows the commonest ask, three at once, until an answer fits.
 */
export async function identifyUdp(
  target: IdentifyTarget,
  tools: StageTools,
  timing: ServiceTiming,
  probes: readonly ServiceProbe[],
): Promise<PortOutcome> {
  const udp = probes.filter((probe) => probe.transport === 'udp');
  const own = udp.filter((probe) => probe.ports.includes(target.port));
  const attempts =
    own.length > 0
      ? await Promise.all(own.map((probe) => attempt(probe, target, tools, timing)))
      : await untilFound(udp, target, tools, timing);
  const best = attempts.reduce<Attempt | null>((a, b) => (tells(b) > tells(a) ? b : a), null);
  if (best?.found) return outcomeOf(best);
  const answered = attempts.find((each) => each.answer !== null);
  return {
    identification: null,
    probe: answered?.probe.name ?? 'none',
    method: 'probe',
    evidence: answered?.answer ?? new Uint8Array(0),
    tls: null,
    tunnel: null,
    remark: answered ? 'answers in a way that no probe knows' : 'no answer to any probe of this port',
  };
}

async function untilFound(
  udp: readonly ServiceProbe[],
  target: IdentifyTarget,
  tools: StageTools,
  timing: ServiceTiming,
): Promise<Attempt[]> {
  const attempts: Attempt[] = [];
  const ranked = udp
    .filter((probe) => probe.fallbackRank !== undefined)
    .sort((a, b) => (a.fallbackRank ?? 0) - (b.fallbackRank ?? 0));
  for (let at = 0; at < ranked.length && !tools.signal.aborted; at += fallbacksAtOnce) {
    const together = ranked.slice(at, at + fallbacksAtOnce);
    attempts.push(...(await Promise.all(together.map((probe) => attempt(probe, target, tools, timing)))));
    if (attempts.some((each) => each.found)) break;
  }
  return attempts;
}

async function attempt(
  probe: ServiceProbe,
  target: IdentifyTarget,
  tools: StageTools,
  timing: ServiceTiming,
): Promise<Attempt> {
  const context: ProbeContext = { host: target.names[0] ?? target.address, port: target.port, tls: false };
  const payload = probe.next([], context);
  if (!(payload instanceof Uint8Array)) return { probe, answer: null, found: null };
  const exchanged = await tools.dialer.exchangeUdp({
    address: target.address,
    port: target.port,
    timeoutMs: timing.udpMs,
    signal: tools.signal,
    payload,
    maxAnswers: 1,
  });
  const answer = (exchanged.ok ? exchanged.value[0] : undefined) ?? null;
  if (answer === null) return { probe, answer, found: null };
  const found = isReflection(payload, answer)
    ? { service: 'echo', confidence: 0.9 }
    : probe.classify([answer], context);
  return { probe, answer, found };
}

/** How much an attempt tells: a version is worth more than a product, that more than the protocol alone. */
function tells(attempt: Attempt | null): number {
  const found = attempt?.found;
  if (!found) return 0;
  const product = found.product !== undefined || (found.banners ?? []).length > 0;
  return (found.confidence ?? 1) + (product ? 2 : 0) + (found.version === undefined ? 0 : 4);
}

function outcomeOf({ probe, answer, found }: Attempt): PortOutcome {
  return {
    identification: found,
    probe: probe.name,
    method: 'probe',
    evidence: answer ?? new Uint8Array(0),
    tls: null,
    tunnel: null,
    remark: null,
  };
}
