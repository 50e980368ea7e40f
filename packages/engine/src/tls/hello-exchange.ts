import type { Clock } from '@picket/base/clock';
import type { Connection, DialFailure } from '@picket/base/dialer';
import type { Random } from '@picket/base/random';
import type { Result } from '@picket/base/result';
import { u16be } from '../services/bytes.ts';
import { clientHello, type HelloOffer } from './client-hello.ts';
import { decodeServerFlight, type ServerFlight } from './server-flight.ts';

/** Opens a connection on which the next thing said is a ClientHello: a plain one, or one whose upgrade the server agreed to. */
export type OpenForTls = () => Promise<Result<Connection, DialFailure>>;

/** How a survey reaches the server, and what it may spend. */
export interface TlsReach {
  readonly open: OpenForTls;
  readonly clock: Clock;
  readonly random: Random;
  /** Ends everything. */
  readonly signal: AbortSignal;
  /** How long one answer may take, milliseconds. */
  readonly answerMs: number;
  /** Counts down with every handshake; at 0 no more are made. */
  readonly budget: HandshakeBudget;
}

export interface HandshakeBudget {
  left: number;
  /** Handshakes made so far. */
  made: number;
  /** Monotonic time after which no handshake is begun. */
  readonly endsAt: number;
  /** Pause between two handshakes, milliseconds. */
  readonly spacingMs: number;
  /** Connections in a row that could not be opened or stayed silent; at 3 the server has had enough of us. */
  unanswered: number;
  /** Hellos that the server hung up on twice without an alert: it may have refused them, or been too busy for them. */
  hangUps: number;
}

/**
 * What a server said to a hello: its flight; `refused`, by an alert or by hanging up; `silent`, or `foreign` when it is no TLS;
 * `spent` when the budget is.
 */
export type HelloAnswer =
  | { readonly kind: 'flight'; readonly flight: ServerFlight }
  | { readonly kind: 'refused'; readonly alert: number | null }
  | { readonly kind: 'silent' | 'foreign' | 'spent' };

/** Longest first flight that is read: chains of some devices reach 30 kB. */
const flightBytes = 65_536;
const unansweredLimit = 3;
/** Half of the first pause for a server that did not answer, milliseconds. */
const breathMs = 300;

/** True while the budget allows another handshake. */
export function mayAsk({ budget, clock, signal }: TlsReach): boolean {
  return !signal.aborted && budget.left > 0 && budget.unanswered < unansweredLimit && clock.monotonic() < budget.endsAt;
}

/**
 * One connection, one hello, one answer. With `whole` the whole clear flight is read, else the hello is enough. A server that hangs up
 * without a word is asked once more after a pause: a busy one does that, too.
 */
export async function askHello(reach: TlsReach, offer: HelloOffer, whole = false): Promise<HelloAnswer> {
  const answer = await askOnce(reach, offer, whole);
  if (answer.kind !== 'refused' || answer.alert !== null || !mayAsk(reach)) return answer;
  await reach.clock.sleep(breathMs, reach.signal).catch(() => {});
  const again = await askOnce(reach, offer, whole);
  if (again.kind === 'refused' && again.alert === null) reach.budget.hangUps += 1;
  return again;
}

async function askOnce(reach: TlsReach, offer: HelloOffer, whole: boolean): Promise<HelloAnswer> {
  return exchange(reach, clientHello(offer, reach.random), async (connection) => {
    const until = flightWatcher(whole);
    const reply = await connection.read({ timeoutMs: reach.answerMs, maxBytes: flightBytes, until });
    const flight = decodeServerFlight(reply.bytes);
    if (flight.alert !== null) return { kind: 'refused', alert: flight.alert };
    if (flight.hello !== null) return { kind: 'flight', flight };
    if (flight.foreign) return { kind: 'foreign' };
    return reply.end === 'closed' || reply.end === 'reset' ? { kind: 'refused', alert: null } : { kind: 'silent' };
  });
}

/** Sends `bytes` on a fresh connection and lets `hear` read the answer; keeps the budget. */
export async function exchange(
  reach: TlsReach,
  bytes: Uint8Array,
  hear: (connection: Connection) => Promise<HelloAnswer>,
): Promise<HelloAnswer> {
  const opened = await openPaced(reach);
  if (opened === null) return { kind: 'spent' };
  if (!opened.ok) return { kind: 'silent' };
  const connection = opened.value;
  try {
    // A server that hung up at once may still have said why, so its answer is read in any case.
    await connection.write(bytes);
    const answer = await hear(connection);
    if (answer.kind === 'silent') reach.budget.unanswered += 1;
    else reach.budget.unanswered = 0;
    return answer;
  } finally {
    connection.close();
  }
}

/** Takes one handshake from the budget and opens its connection; null when there is none left. */
export async function openPaced(reach: TlsReach): Promise<Result<Connection, DialFailure> | null> {
  if (!mayAsk(reach)) return null;
  const { budget, clock, signal } = reach;
  if (budget.made > 0) await clock.sleep(pauseOf(budget), signal).catch(() => {});
  budget.left -= 1;
  budget.made += 1;
  const opened = await reach.open();
  if (!opened.ok) budget.unanswered += 1;
  return opened;
}

/** Pause before the next handshake: a server that did not answer gets time, because many limit the connections of one client. */
function pauseOf({ spacingMs, unanswered }: HandshakeBudget): number {
  return unanswered === 0 ? spacingMs : breathMs * 2 ** unanswered;
}

/** Says when enough was heard. Decodes only when another whole record is there, so a byte at a time costs nothing. */
function flightWatcher(whole: boolean): (received: Uint8Array) => boolean {
  let recordEnd = 0;
  return (received) => {
    let grew = false;
    while (recordEnd + 5 <= received.length) {
      const length = u16be(received, recordEnd + 3);
      if (received[recordEnd + 1] !== 3) return true;
      if (recordEnd + 5 + length > received.length) break;
      recordEnd += 5 + length;
      grew = true;
    }
    if (recordEnd === 0) return received.length > 0 && ((received[0] ?? 0) < 20 || (received[0] ?? 0) > 24);
    if (!grew) return false;
    const flight = decodeServerFlight(received.subarray(0, recordEnd));
    return flight.done || flight.foreign || (!whole && flight.hello !== null);
  };
}
