import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { type NameAnswers, nameServer, wireName } from '../testing/name-server.ts';
import { hostNames, nodeResolver, reverseName } from './node-resolver.ts';

const a = 1;
const ptr = 12;
const going = () => new AbortController().signal;
/** 192.0.2.7, of the addresses for documentation (RFC 5737). */
const host = '192.0.2.7';
const hostBytes = Uint8Array.from([192, 0, 2, 7]);

async function ask(answers: NameAnswers, timeoutMs = 2000) {
  const server = await nameServer(answers);
  onTestFinished(() => server.close());
  return { server, resolver: nodeResolver(() => performance.now(), { servers: [server.at], timeoutMs }) };
}

test('a name that leads back to its address is told, another one is not', async () => {
  const { resolver, server } = await ask((name, type) => {
    if (type === ptr) return [wireName('Good.Example'), wireName('planted.example')];
    return type === a && name === 'good.example' ? [hostBytes] : [Uint8Array.from([192, 0, 2, 8])];
  });
  expect(await resolver.reverse(host, going())).toEqual(['good.example']);
  expect(server.asked[0]).toBe('7.2.0.192.in-addr.arpa 12');
});

test('an address without a name has none', async () => {
  const { resolver } = await ask(() => []);
  expect(await resolver.reverse(host, going())).toEqual([]);
});

test('loopback addresses are never asked about', async () => {
  const { resolver, server } = await ask(() => []);
  expect(await resolver.reverse('127.0.0.9', going())).toEqual([]);
  expect(server.asked).toEqual([]);
});

test('of an answer with very many names a few are looked at, and no question more than those is asked', async () => {
  const { resolver, server } = await ask((_name, type) =>
    type === ptr ? Array.from({ length: 60 }, (_, index) => wireName(`n${index}.ex`)) : [hostBytes],
  );
  expect((await resolver.reverse(host, going())).length).toBeLessThanOrEqual(8);
  expect(server.asked.length).toBeLessThanOrEqual(9);
});

test('rubbish for an answer is no name', async () => {
  const { resolver } = await ask((_name, type) =>
    type === ptr ? [Uint8Array.from([63, 1, 2]), Uint8Array.from([0xc0, 0xff])] : [hostBytes],
  );
  expect(await resolver.reverse(host, going())).toEqual([]);
});

test('a silent resolver costs its time-out a few times, then nobody waits for it', async () => {
  const { resolver, server } = await ask(() => null, 150);
  for (let look = 0; look < 3; look += 1) expect(await resolver.reverse(host, going())).toEqual([]);
  const asked = server.asked.length;
  for (let look = 0; look < 50; look += 1) expect(await resolver.reverse(host, going())).toEqual([]);
  expect(server.asked.length).toBe(asked);
});

test('it is asked again after a minute', async () => {
  let now = 0;
  const server = await nameServer(() => null);
  onTestFinished(() => server.close());
  const resolver = nodeResolver(() => now, { servers: [server.at], timeoutMs: 100 });
  for (let look = 0; look < 4; look += 1) await resolver.reverse(host, going());
  const asked = server.asked.length;
  await resolver.reverse(host, going());
  expect(server.asked.length).toBe(asked);
  now = 61_000;
  await resolver.reverse(host, going());
  expect(server.asked.length).toBeGreaterThan(asked);
});

test('a machine whose resolver is not there gets no names and does not wait', async () => {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  await once(socket, 'close');
  const resolver = nodeResolver(() => performance.now(), { servers: [`127.0.0.1:${port}`] });
  const started = performance.now();
  for (let look = 0; look < 20; look += 1) expect(await resolver.reverse(host, going())).toEqual([]);
  expect(performance.now() - started).toBeLessThan(1000);
});

test('a cancel ends a look-up at once', async () => {
  const { resolver } = await ask(() => null, 30_000);
  const abort = new AbortController();
  const looking = resolver.reverse(host, abort.signal);
  const started = performance.now();
  abort.abort(new Error('enough'));
  await expect(looking).rejects.toThrow('enough');
  expect(performance.now() - started).toBeLessThan(1000);
});

test('the question for an address is its reverse name', () => {
  expect(reverseName('192.0.2.7')).toBe('7.2.0.192.in-addr.arpa');
  expect(reverseName('2001:db8::1')).toBe(`1.${'0.'.repeat(23)}8.b.d.0.1.0.0.2.ip6.arpa`);
  expect(reverseName('::1')).toBeNull();
});

test('only names of hosts are taken, in lower case, each once', () => {
  const names = [
    'A.Example.',
    'a.example',
    'x_y.example',
    '10.0.0.1',
    'two words',
    'evil\r\nheader',
    '<b>',
    '-a.example',
    `${'l'.repeat(64)}.example`,
    `${'abcdefgh.'.repeat(40)}example`,
    '',
  ];
  expect(hostNames(names)).toEqual(['a.example', 'x_y.example']);
});
