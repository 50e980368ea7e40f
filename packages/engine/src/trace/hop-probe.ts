import type { PacketAnswer, PacketProber, PacketRequest } from '../packets/packet-prober.ts';
import type { AskHop, HopAnswer } from './walk.ts';

/** How a host showed itself: what it answered to once, it answers to again. */
export interface TraceTarget {
  /** Canonical IP literal. */
  readonly address: string;
  readonly reason: string;
  readonly port?: number | undefined;
}

/** Routers answer at once or never. */
const hopTimeoutMs = 1000;
/** One flow for a whole trace: routers that spread load send all its packets one way (Augustin et al., "Paris traceroute", 2006). */
const traceFlow = 1;
/** SYN (RFC 9293 section 3.1). */
const syn = 2;

/** Asks hops with the kind of packet that the host answers to. Every packet is addressed to the host; routers merely answer. */
export function hopAsker(prober: PacketProber, target: TraceTarget, signal: AbortSignal): AskHop {
  const probe = probeFor(target);
  return async (hopLimit) => {
    const request = { address: target.address, hopLimit, probe, timeoutMs: hopTimeoutMs, flow: traceFlow, signal };
    const [answer] = await prober.exchange(request);
    return answer ? hopAnswer(answer, target.address) : null;
  };
}

/** TCP to a port that answered, UDP to one that did, else ICMP echo. */
function probeFor({ reason, port }: TraceTarget): PacketRequest['probe'] {
  if (port !== undefined && reason === 'udp-answer') return { kind: 'udp', port, payload: new Uint8Array(0) };
  if (port !== undefined) return { kind: 'tcp', port, flags: syn };
  return { kind: 'icmp-echo' };
}

function hopAnswer({ from, rttMs, hopLimit, kind }: PacketAnswer, target: string): HopAnswer {
  if (from === target) return { kind: 'host', from, rttMs, hopLimit };
  return { kind: kind === 'time-exceeded' ? 'router' : 'refusal', from, rttMs, hopLimit };
}
