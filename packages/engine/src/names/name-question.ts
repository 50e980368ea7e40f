import type { HostName, ServiceFacts, StageTools } from '../run/stages.ts';

/** What one question brought. */
export interface NameAnswer {
  readonly names: readonly HostName[];
  /** MAC that the host states itself, `aa:bb:cc:dd:ee:ff`. */
  readonly mac?: string;
  /** Other addresses that the host gives itself, canonical. Claims: never asked unless they are in scope. */
  readonly addresses?: readonly string[];
  /** What speaks on the port, when it answered in its protocol. */
  readonly service?: ServiceFacts;
}

/** A way to ask a host itself for its names: one file, one record. Requests read, never change, and never log in. */
export interface NameQuestion {
  readonly name: string;
  /** One sentence: what is sent, what tells the name. */
  readonly help: string;
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  /** Asked as well when the first stays silent. */
  readonly second?: Pick<NameQuestion, 'protocol' | 'port'>;
  /** Null: no answer, or not in this protocol. Never rejects but for a bug. */
  ask(address: string, tools: StageTools): Promise<NameAnswer | null>;
}

/** How long one datagram of a question may stay unanswered, milliseconds: local protocols answer at once or never. */
export const questionTimeoutMs = 1000;

/** Service facts of an answer in the protocol itself. */
export function spokenService(
  service: string,
  told: { readonly info?: string; readonly hostname?: string },
): ServiceFacts {
  return {
    service,
    cpes: [],
    confidence: 1,
    method: 'probe',
    ...(told.info ? { info: told.info.slice(0, 512) } : {}),
    ...(told.hostname ? { hostname: told.hostname.slice(0, 255) } : {}),
  };
}

/** Sends one datagram and gives the answers; empty when none came. */
export async function askUdp(
  where: { readonly address: string; readonly port: number; readonly maxAnswers?: number },
  payload: Uint8Array,
  tools: StageTools,
): Promise<readonly Uint8Array[]> {
  const request = { ...where, payload, timeoutMs: questionTimeoutMs, signal: tools.signal };
  const exchanged = await tools.dialer.exchangeUdp(request);
  return exchanged.ok ? exchanged.value : [];
}
