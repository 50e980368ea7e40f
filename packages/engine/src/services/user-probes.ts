import { toCpe23 } from '@picket/checks/fingerprints/cpe23';
import { decodeText } from '@picket/checks/fingerprints/decode-text';
import { hasPort, type ProbeBlock, type ServiceProbeFile } from '@picket/checks/service-probes/service-probe-file';
import type { ServiceProbeMatch, ServiceProbeMatcher } from '@picket/checks/service-probes/service-probe-matcher';
import type { IdentifyTarget, ServiceFacts, StageTools } from '../run/stages.ts';
import { concat } from './bytes.ts';
import { fragileTcpPorts, fragileUdpPorts } from './fragile-ports.ts';
import type { PortOutcome } from './outcome.ts';
import { oneLine, printable } from './printable.ts';
import type { ServiceTiming } from './timing.ts';

/** Service probes that the user brought along. */
export interface UserProbes {
  readonly file: ServiceProbeFile;
  readonly matcher: ServiceProbeMatcher;
}

/** Bounds of the talk with one port, whatever the file says. */
const mostProbes = 24;
const mostProbesForProduct = 3;
const totalMs = 30_000;
const longestWaitMs = 7500;
const usualWaitMs = 5000;
/** An answer that came in pieces is whole when nothing followed for so long. */
const quietMs = 400;
const largestAnswer = 16_384;
/** Probes above it are asked only on ports that they name. */
const highestRarity = 7;

interface Heard {
  readonly match: ServiceProbeMatch;
  readonly probe: ProbeBlock;
  readonly answer: Uint8Array;
}

/**
 * Asks the user's probes where our own recognised nothing, and those that name the port where ours know the protocol but no product.
 * What ours found stays; theirs is added. Same dialer, so same scope, pace and deadline.
 */
export async function withUserProbes(
  facts: ServiceFacts,
  found: { readonly outcome: PortOutcome; readonly target: IdentifyTarget },
  tools: StageTools,
  settings: { readonly timing: ServiceTiming; readonly user: UserProbes },
): Promise<ServiceFacts> {
  const known = found.outcome.identification !== null;
  if (known && facts.product !== undefined) return facts;
  // What the file sends is not made for them, even where the user lets ours ask.
  const { port, protocol } = found.target;
  if ((protocol === 'tcp' ? fragileTcpPorts : fragileUdpPorts).has(port)) return facts;
  const heard = await new UserProbing(found.target, tools, { ...settings, tls: facts.tunnel === 'tls' }).run(
    known,
    found.outcome.probe === 'banner' ? found.outcome.evidence : null,
  );
  if (!heard || (known && (heard.match.soft || heard.match.product === null))) return facts;
  return merged(facts, heard, known);
}

class UserProbing {
  readonly #target: IdentifyTarget;
  readonly #tools: StageTools;
  readonly #timing: ServiceTiming;
  readonly #user: UserProbes;
  readonly #tls: boolean;
  readonly #endsAt: number;

  constructor(
    target: IdentifyTarget,
    tools: StageTools,
    settings: { readonly timing: ServiceTiming; readonly user: UserProbes; readonly tls: boolean },
  ) {
    this.#target = target;
    this.#tools = tools;
    this.#timing = settings.timing;
    this.#user = settings.user;
    this.#tls = settings.tls;
    this.#endsAt = tools.clock.monotonic() + totalMs;
  }

  /** The first hard match, else the first soft one. `banner`: a greeting that was heard already. */
  async run(known: boolean, banner: Uint8Array | null): Promise<Heard | null> {
    if (hasPort(this.#user.file.exclude[this.#target.protocol], this.#target.port)) return null;
    const soft: Heard[] = [];
    for (const probe of this.#order(known)) {
      if (this.#tools.signal.aborted || this.#tools.clock.monotonic() >= this.#endsAt) break;
      const service = soft[0]?.match.service;
      if (service !== undefined && !this.#user.matcher.services(probe).has(service)) continue;
      const answer = banner !== null && isListening(probe) ? banner : await this.#ask(probe);
      const match = answer && this.#user.matcher.match(probe, answer, service);
      if (!answer || !match) continue;
      if (!match.soft) return { match, probe, answer };
      soft.push({ match, probe, answer });
    }
    return soft[0] ?? null;
  }

  /** Listening first, then the probes of this port, then the others, the rarer the later; bounded. */
  #order(known: boolean): readonly ProbeBlock[] {
    const { port, protocol } = this.#target;
    const here = (probe: ProbeBlock) => hasPort(this.#tls ? probe.tlsPorts : probe.ports, port);
    const rank = (probe: ProbeBlock) => (isListening(probe) ? 0 : here(probe) ? 10 : 20) + probe.rarity / 10;
    return this.#user.file.probes
      .filter((probe) => probe.protocol === protocol)
      .filter((probe) => isListening(probe) || here(probe) || (!known && probe.rarity <= highestRarity))
      .toSorted((a, b) => rank(a) - rank(b))
      .slice(0, known ? mostProbesForProduct : mostProbes);
  }

  async #ask(probe: ProbeBlock): Promise<Uint8Array | null> {
    const left = Math.max(1, this.#endsAt - this.#tools.clock.monotonic());
    const wait = Math.min(probe.totalWaitMs ?? usualWaitMs, longestWaitMs, left);
    return this.#target.protocol === 'udp' ? this.#exchange(probe, wait) : this.#converse(probe, wait);
  }

  async #exchange(probe: ProbeBlock, wait: number): Promise<Uint8Array | null> {
    const { address, port } = this.#target;
    const exchanged = await this.#tools.dialer.exchangeUdp({
      address,
      port,
      timeoutMs: Math.min(wait, this.#timing.udpMs),
      signal: this.#tools.signal,
      payload: probe.payload,
      maxAnswers: 1,
    });
    return (exchanged.ok ? exchanged.value[0] : undefined) ?? null;
  }

  async #converse(probe: ProbeBlock, wait: number): Promise<Uint8Array | null> {
    const { address, port, names } = this.#target;
    const { connectMs, tlsMs } = this.#timing;
    const dialed = await this.#tools.dialer.connectTcp({
      address,
      port,
      timeoutMs: connectMs,
      signal: this.#tools.signal,
    });
    if (!dialed.ok) return null;
    const connection = dialed.value;
    try {
      if (this.#tls) {
        const session = await connection.startTls({
          timeoutMs: tlsMs,
          ...(names[0] === undefined ? {} : { serverName: names[0] }),
        });
        if (!session.ok) return null;
      }
      if (!isListening(probe)) await connection.write(probe.payload);
      const first = await connection.read({ timeoutMs: wait, maxBytes: largestAnswer });
      if (first.bytes.length === 0) return null;
      if (first.end !== 'complete' || this.#user.matcher.match(probe, first.bytes)?.soft === false) return first.bytes;
      const room = largestAnswer - first.bytes.length;
      const whole = (received: Uint8Array) =>
        this.#user.matcher.match(probe, concat(first.bytes, received))?.soft === false;
      const rest = room > 0 ? await connection.read({ timeoutMs: quietMs, maxBytes: room, until: whole }) : null;
      return concat(first.bytes, rest?.bytes ?? new Uint8Array(0));
    } finally {
      connection.close();
    }
  }
}

/** Sends nothing and hears the greeting. */
function isListening(probe: ProbeBlock): boolean {
  return probe.protocol === 'tcp' && probe.payload.length === 0;
}

function merged(facts: ServiceFacts, { match, probe, answer }: Heard, known: boolean): ServiceFacts {
  const remark = `line ${match.line} of the service probes given`;
  const info = [known ? facts.info : undefined, match.info, match.device && `device: ${match.device}`, remark];
  const cpes = match.cpes.flatMap((name) => toCpe23(name) ?? []).filter((name) => name.length <= 256);
  const osCpe = cpes.find((name) => name.startsWith('cpe:2.3:o:'));
  const os = match.os ? { os: { product: oneLine(match.os, 128), ...(osCpe ? { cpe: osCpe } : {}) } } : {};
  return {
    ...facts,
    ...(known
      ? {}
      : {
          service: oneLine(match.service, 64),
          confidence: match.soft ? 0.8 : 1,
          method: isListening(probe) ? ('banner' as const) : ('probe' as const),
          evidence: {
            probe: oneLine(`given:${probe.name}`, 64),
            excerpt: printable(decodeText(answer.subarray(0, 2048)), 2048),
          },
        }),
    ...(match.product ? { product: oneLine(match.product, 128) } : {}),
    ...(match.version ? { version: oneLine(match.version, 128) } : {}),
    ...(match.hostname && facts.hostname === undefined ? { hostname: oneLine(match.hostname, 255) } : {}),
    info: oneLine(info.filter((part) => part !== undefined && part !== null && part !== '').join('; '), 512),
    cpes: [...new Set([...facts.cpes, ...cpes])].slice(0, 8),
    ...(facts.os === undefined ? os : {}),
    ...(match.tls ? { tunnel: 'tls' as const } : {}),
  };
}
