import { err, ok, type Result } from '@picket/base/result';
import type { Connection, ReadOutcome } from '@picket/base/dialer';
import { fromBytes, fromHex, toBytes } from '@picket/checks/byte-string';
import type { SocketBlock, SocketInput } from '@picket/checks/protocols/socket/socket-block';
import type { DslAmbient, DslScope, DslValue } from '@picket/checks/dsl/value';
import type { Endpoint } from '@picket/checks/run/target-scope';
import { renderText } from '@picket/checks/template/text';
import type { CheckFailure } from '../check-failure.ts';
import { failureOf } from '../check-failure.ts';
import { type CheckSession, openConnection, spend, spendLogin } from '../check-session.ts';
import { accountOfText } from '../login-account.ts';

export interface Conversation {
  /** Everything that was sent, and everything that came. */
  readonly sent: string;
  readonly received: string;
  /** Something came after the first thing that was sent, or, when nothing was sent, at all. */
  readonly heard: boolean;
  /** How the last read ended. */
  readonly end: ReadOutcome['end'];
  /** Variables of the answers: `data` (last read), `raw` (all), and one for each named input. */
  readonly scope: ReadonlyMap<string, DslValue>;
}

interface Talk {
  readonly session: CheckSession;
  readonly scope: DslScope;
}

/** Runs the steps of a tcp or udp block. The error is a failure, or null when a variable has no value. */
export async function converse(
  block: SocketBlock,
  endpoint: Endpoint,
  talk: Talk,
): Promise<Result<Conversation, CheckFailure | null>> {
  const refused = spend(talk.session, endpoint.port);
  if (refused) return err(refused);
  if (block.protocol === 'udp') return datagram(block, endpoint, talk);
  const opened = await openConnection(talk.session, { ...endpoint, tls: endpoint.tls || block.tls });
  if (!opened.ok) return opened;
  try {
    return await steps(block, opened.value, talk);
  } finally {
    opened.value.close();
  }
}

async function steps(
  block: SocketBlock,
  connection: Connection,
  talk: Talk,
): Promise<Result<Conversation, CheckFailure | null>> {
  const named = new Map<string, DslValue>();
  let sent = '';
  let received = '';
  let heard = false;
  let closed = false;
  for (const input of block.inputs) {
    const data = rendered(input, new Map([...talk.scope, ...named]), talk.session);
    if (data === null) return err(null);
    const account = data === '' || accountOfText(data) === null ? null : accountOfText(sent + data);
    const tried = account === null ? null : spendLogin(talk.session, block.protocol, connection.port, account);
    if (tried) return err(tried);
    if (data !== '' && !closed) {
      const wrote = await connection.write(toBytes(data));
      // A service that hangs up has answered: what came before is judged.
      closed = !wrote.ok;
      if (wrote.ok) sent += data;
    }
    if (input.read > 0) {
      const reply = await readUpTo(connection, input.read, talk.session);
      received += reply.text;
      heard ||= reply.text !== '' && sent !== '';
      if (input.name !== null) named.set(input.name, reply.text);
    }
  }
  const last = await readUpTo(connection, block.readSize, talk.session);
  if (talk.session.signal.aborted) return err({ reason: 'cancelled', detail: '' });
  received += last.text;
  heard ||= last.text !== '' && sent !== '';
  const silentBlock = block.inputs.every((input) => input.data === null);
  return ok({
    sent,
    received,
    heard: silentBlock ? received !== '' : heard,
    end: last.end,
    scope: conversationScope(named, last.text, received),
  });
}

function conversationScope(named: ReadonlyMap<string, DslValue>, last: string, all: string): Map<string, DslValue> {
  return new Map<string, DslValue>([
    ['data', last],
    ['body', last],
    ['response', last],
    ['raw', all],
    ['all', all],
    ...named,
  ]);
}

function rendered(input: SocketInput, scope: DslScope, ambient: Pick<CheckSession, 'random' | 'clock'>): string | null {
  if (input.data === null) return '';
  const dsl: DslAmbient = { random: ambient.random, now: () => ambient.clock.now() };
  const text = renderText(input.data, scope, dsl);
  if (!('text' in text)) return null;
  return input.hex ? fromHex(text.text) : text.text;
}

/** Waits for a first piece, then takes what follows without a pause, up to `maxBytes`. */
async function readUpTo(connection: Connection, maxBytes: number, session: CheckSession): Promise<Reply> {
  let text = '';
  let timeoutMs = session.limits.firstByteMs;
  while (text.length < maxBytes) {
    const reply = await connection.read({ timeoutMs, maxBytes: maxBytes - text.length });
    text += fromBytes(reply.bytes);
    if (reply.end !== 'complete') return { text, end: reply.end };
    timeoutMs = session.limits.idleMs;
  }
  return { text, end: 'limit' };
}

interface Reply {
  readonly text: string;
  readonly end: ReadOutcome['end'];
}

/** Each input is a datagram of its own; the answers to the last are `data`. */
async function datagram(
  block: SocketBlock,
  endpoint: Endpoint,
  talk: Talk,
): Promise<Result<Conversation, CheckFailure | null>> {
  const named = new Map<string, DslValue>();
  let sent = '';
  let received = '';
  let last = '';
  for (const input of block.inputs) {
    const data = rendered(input, new Map([...talk.scope, ...named]), talk.session);
    if (data === null) return err(null);
    const answer = await askTwice(endpoint, data, talk.session);
    if (!answer.ok) return answer;
    last = answer.value.slice(0, block.readSize);
    sent += data;
    received += last;
    if (input.name !== null) named.set(input.name, last);
  }
  const end = last === '' ? 'timeout' : 'complete';
  return ok({ sent, received, heard: received !== '', end, scope: conversationScope(named, last, received) });
}

/** The answers to a datagram, empty after silence. Datagrams get lost: after silence it is sent once more. */
async function askTwice(
  endpoint: Endpoint,
  data: string,
  session: CheckSession,
): Promise<Result<string, CheckFailure>> {
  const { address, port } = endpoint;
  const { signal, limits } = session;
  const request = { address, port, timeoutMs: limits.firstByteMs / 2, signal, payload: toBytes(data) };
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const answers = await session.dialer.exchangeUdp(request);
    if (answers.ok) return ok(answers.value.map(fromBytes).join(''));
    if (answers.error.kind !== 'timeout') return err(failureOf(answers.error));
  }
  return ok('');
}
