import type { Connection, TlsSession } from '@picket/base/dialer';
import { ok } from '@picket/base/result';
import { concat } from './bytes.ts';
import type { ProbeContext, ServiceProbe } from './probe.ts';

/** What a conversation brought. */
export interface Conversation {
  readonly answers: readonly Uint8Array[];
  /** Session of an upgrade inside the conversation. */
  readonly upgrade: TlsSession | null;
  /** The peer sent back what we sent: it proves nothing about any protocol. */
  readonly reflected: boolean;
}

export interface ConverseOptions {
  /** How long each answer may take, milliseconds. */
  readonly answerMs: number;
  readonly tlsMs: number;
  /** Answers that are already there: the banner of a server that spoke first. */
  readonly given?: readonly Uint8Array[];
  readonly serverName?: string;
}

const maxSteps = 6;
const maxAnswerBytes = 65_536;

/** Lets a probe talk on an open connection until it has heard enough, the peer falls silent, or six steps are over. */
export async function converse(
  connection: Connection,
  probe: ServiceProbe,
  context: ProbeContext,
  options: ConverseOptions,
): Promise<Conversation> {
  const answers: Uint8Array[] = [...(options.given ?? [])];
  let upgrade: TlsSession | null = null;
  for (let step = 0; step < maxSteps; step += 1) {
    const next = probe.next(answers, context);
    if (next === null) break;
    if (next === 'start-tls') {
      const tls = await connection.startTls({
        timeoutMs: options.tlsMs,
        ...(options.serverName === undefined ? {} : { serverName: options.serverName }),
      });
      if (!tls.ok) break;
      upgrade = tls.value;
      answers.push(new Uint8Array(0));
      continue;
    }
    if (probe.silent?.(answers.length)) {
      if (!(await connection.write(next)).ok) break;
      answers.push(new Uint8Array(0));
      continue;
    }
    const answer = await ask(connection, next, probe, answers.length, options.answerMs);
    if (answer === null) break;
    if (isReflection(next, answer)) return { answers: [...answers, answer], upgrade, reflected: true };
    answers.push(answer);
  }
  return { answers, upgrade, reflected: false };
}

/** Sends and reads one answer; null when nothing came. */
async function ask(
  connection: Connection,
  request: Uint8Array,
  probe: ServiceProbe,
  index: number,
  timeoutMs: number,
): Promise<Uint8Array | null> {
  const written = request.length === 0 ? ok(undefined) : await connection.write(request);
  // A peer that closed may still have said why: read in any case.
  const outcome = await connection.read({
    timeoutMs: written.ok ? timeoutMs : Math.min(timeoutMs, 500),
    maxBytes: maxAnswerBytes,
    ...(probe.whole
      ? { until: (received) => (probe.whole?.(received, index) ?? true) || isWholeReflection(request, received) }
      : {}),
  });
  return outcome.bytes.length === 0 ? null : concat(outcome.bytes);
}

/** True when at least four bytes came back, all of them ours from the first on, and not more: some handshakes return ours among theirs. */
export function isReflection(sent: Uint8Array, received: Uint8Array): boolean {
  const length = received.length;
  if (length < 4 || length > sent.length) return false;
  for (let at = 0; at < length; at += 1) if (sent[at] !== received[at]) return false;
  return true;
}

/** Everything came back: an echo says no more. */
function isWholeReflection(sent: Uint8Array, received: Uint8Array): boolean {
  return received.length >= sent.length && isReflection(sent, received);
}
