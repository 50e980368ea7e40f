import { createServer, type Socket } from 'node:net';
import { systemClock, systemRandom } from '@picket/base/adapters/system';
import { compileCheck } from '@picket/checks/compile-check';
import { expect, onTestFinished, test } from 'vitest';
import { nodeSockets } from '../../adapters/node-sockets.ts';
import { be16, be32, concat, u16be } from '../../services/bytes.ts';
import { wireName } from '../../testing/name-server.ts';
import { checkSession, defaultCheckLimits } from '../check-session.ts';
import { runProgram } from '../program/run-program.ts';

const record = (name: string, type: number, data: Uint8Array) =>
  concat(wireName(name), be16(type), be16(1), be32(60), be16(data.length), data);
const soa = record('example.test', 6, concat(wireName('ns.test'), wireName('me.test'), new Uint8Array(20)));
const host = (name: string) => record(`${name}.example.test`, 1, Uint8Array.of(192, 0, 2, 1));

/** A message with its length in front. */
function message(id: number, records: readonly Uint8Array[], rcode = 0): Uint8Array {
  const head = concat(be16(id), be16(0x8400 + rcode), be16(0), be16(records.length), be16(0), be16(0));
  const whole = concat(head, ...records);
  return concat(be16(whole.length), whole);
}

async function transfer(talk: (socket: Socket, id: number) => void) {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    onTestFinished(() => void socket.destroy());
    socket.once('data', (query) => talk(socket, u16be(new Uint8Array(query), 2)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const source = `id: zone\ninfo:\n  name: Zone\ndns:\n  - name: "{{RDN}}"\n    type: AXFR\n    class: inet\n    resolvers: ["{{ip}}:${port}"]\n    matchers:\n      - type: dsl\n        dsl: ["rcode == 0 && len(a) > 0"]\n    extractors:\n      - type: dsl\n        dsl: [answer]\n`;
  const compiled = compileCheck(source);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.error));
  const signal = new AbortController().signal;
  const tools = { dialer: nodeSockets(), clock: systemClock, random: systemRandom, signal };
  const session = checkSession(tools, { ...defaultCheckLimits, httpMs: 1000 });
  const endpoint = { address: '127.0.0.1', name: 'www.example.test', port: 0, tls: false };
  return runProgram(compiled.value.program(), endpoint, session);
}

test('reads a zone out of all its messages', async () => {
  const { matches, failure } = await transfer((socket, id) => {
    socket.write(message(id, [soa, host('first')]));
    socket.end(message(id, [host('last'), soa]));
  });
  expect(failure).toBeNull();
  expect(matches[0]?.extracted[0]).toContain('first.example.test');
  expect(matches[0]?.extracted[0]).toContain('last.example.test');
});

test('passes when the server refuses', async () => {
  const outcome = await transfer((socket, id) => void socket.end(message(id, [], 5)));
  expect(outcome).toMatchObject({ matches: [], failure: null });
});

test('passes at once when the server answers with nothing', async () => {
  const outcome = await transfer((socket, id) => void socket.write(message(id, [])));
  expect(outcome).toMatchObject({ matches: [], failure: null });
});

/** A zone that never ends, sent as fast as it is taken; gives how many messages went out. */
function endless(records: (at: number) => readonly Uint8Array[], pauseMs = 0) {
  const sent = { messages: 0 };
  const talk = (socket: Socket, id: number) => {
    const more = () => {
      sent.messages += 1;
      // A turn of the event loop for each: written in callbacks alone they would leave the reader of this same process no turn at all.
      if (!socket.destroyed) socket.write(message(id, records(sent.messages)), () => void setTimeout(more, pauseMs));
    };
    more();
  };
  return { sent, talk };
}

test('ends with a zone that does not, after 64 messages', async () => {
  const { sent, talk } = endless((at) => (at === 1 ? [soa] : [host(`h${at}`)]));
  const { matches, failure } = await transfer(talk);
  expect({ failure, matches: matches.length }).toEqual({ failure: null, matches: 1 });
  expect(matches[0]?.extracted[0]).toContain('h64.example.test');
  expect(matches[0]?.extracted[0]).not.toContain('h65.example.test');
  expect(sent.messages).toBeGreaterThanOrEqual(64);
});

test('ends with a zone of long messages after 512 KiB', async () => {
  // Each message has 60 KB: eight are whole within 524,288 bytes, and 64 messages would be seven times that.
  const bulk = record('example.test', 65_280, new Uint8Array(60_000));
  const { sent, talk } = endless((at) => (at === 1 ? [soa, host('m1'), bulk] : [host(`m${at}`), bulk]));
  const { matches, failure } = await transfer(talk);
  expect({ failure, matches: matches.length }).toEqual({ failure: null, matches: 1 });
  const names = [...(matches[0]?.extracted[0] ?? '').matchAll(/^(m\d+)\.example\.test\./gm)].map(([, name]) => name);
  expect(names).toEqual(['m1', 'm2', 'm3', 'm4', 'm5', 'm6', 'm7', 'm8']);
  expect(sent.messages).toBeGreaterThan(8);
});

test('ends with a zone that drips, after the time for an exchange', async () => {
  const began = performance.now();
  const { matches } = await transfer(endless((at) => [host(`h${at}`)], 100).talk);
  expect(matches).toHaveLength(1);
  expect(performance.now() - began).toBeLessThan(5000);
});

test('judges a zone that stops without a second SOA by what came, but does not pass it', async () => {
  const cut = await transfer((socket, id) => void socket.end(message(id, [soa, host('only')])));
  expect(cut).toMatchObject({ failure: null, matches: [{}] });
  const bare = await transfer((socket, id) => void socket.end(message(id, [soa])));
  expect(bare.matches).toEqual([]);
  expect(bare.failure).toMatchObject({ reason: 'connection-failed', detail: 'the zone was not read to its end' });
});

test.each<[string, (socket: Socket, id: number) => void]>([
  ['silence', () => {}],
  ['a hang-up', (socket) => void socket.destroy()],
  ['the answer to another question', (socket, id) => void socket.end(message(id ^ 1, [soa, host('x'), soa]))],
  ['noise', (socket) => void socket.end(Buffer.alloc(70_000, 0xff))],
])('decides nothing after %s', async (_what, talk) => {
  const { matches, failure } = await transfer(talk);
  expect(matches).toEqual([]);
  expect(failure).not.toBeNull();
});
