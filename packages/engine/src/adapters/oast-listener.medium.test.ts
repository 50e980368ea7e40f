import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, get } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { systemClock, systemRandom } from '@picket/base/adapters/system';
import { compileCheck } from '@picket/checks/compile-check';
import { expect, onTestFinished, test } from 'vitest';
import { checkSession, defaultCheckLimits } from '../checks/check-session.ts';
import { noSettings } from '../checks/check-settings.ts';
import { runProgram } from '../checks/program/run-program.ts';
import { decodeMessage, encodeQuery } from '../dns/message.ts';
import type { OastPort } from '../oast/oast-port.ts';
import { nodeSockets } from './node-sockets.ts';
import { oastListener } from './oast-listener.ts';

const going = () => new AbortController().signal;
const here = '127.0.0.1';
const listener = (more: { domain?: string } = {}) => oastListener({ address: here, random: systemRandom, ...more });
const portOf = (url: string) => Number(/:([0-9]+)\//.exec(url)?.[1]);

/** Sends bytes to the listener and gives what it answers until it closes. */
async function talk(port: number, text: string, from = here): Promise<string> {
  const socket = connect({ host: here, port, localAddress: from });
  let answer = '';
  socket.on('data', (bytes) => {
    answer += bytes.toString('latin1');
  });
  socket.on('error', () => {});
  socket.write(Buffer.from(text, 'latin1'));
  await once(socket, 'close');
  return answer;
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, here);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** A target that fetches the address in the request's header, as a weak server does. */
async function fetchingTarget(fetches: boolean): Promise<number> {
  const server = createServer((request, response) => {
    const url = request.headers['url'];
    response.end('done');
    if (fetches && typeof url === 'string')
      get(url, { agent: false }, (answer) => answer.resume()).on('error', () => {});
  });
  onTestFinished(() => void server.close());
  server.listen(0, here);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function runCheckOn(port: number, oast: OastPort | null, protocol = 'http') {
  const source = `id: fetches\ninfo:\n  name: Fetches\n  severity: low\nhttp:\n  - path: ["{{BaseURL}}/"]\n    headers:\n      url: 'http://{{interactsh-url}}'\n    matchers:\n      - type: word\n        part: interactsh_protocol\n        words: ["${protocol}"]\n    extractors:\n      - type: kval\n        kval: [interactsh_ip]\n`;
  const compiled = compileCheck(source);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.error));
  const tools = { dialer: nodeSockets(), clock: systemClock, random: systemRandom, signal: going() };
  const limits = { ...defaultCheckLimits, callBackMs: 400 };
  const session = checkSession(tools, limits, new Map(), noSettings, { oast });
  onTestFinished(() => session.pool.close());
  return runProgram(compiled.value.program(), { address: here, name: null, port, tls: false }, session);
}

test('a target that calls back is found, one that does not is not, and without a listener nobody can tell', async () => {
  const found = await runCheckOn(await fetchingTarget(true), listener());
  expect(found.matches).toMatchObject([{ extracted: [here] }]);
  const quiet = await runCheckOn(await fetchingTarget(false), listener());
  expect(quiet).toMatchObject({ matches: [], failure: null });
  const off = await runCheckOn(await fetchingTarget(true), null);
  expect(off).toMatchObject({ matches: [], failure: { reason: 'oast-off' } });
});

test('a check that waits for DNS cannot be judged where no domain leads to the listener', async () => {
  const outcome = await runCheckOn(await fetchingTarget(false), listener(), 'dns');
  expect(outcome).toMatchObject({ matches: [], failure: { reason: 'oast-off' } });
});

test('it listens only while somebody waits', async () => {
  const oast = listener();
  const place = await oast.open(here);
  const port = portOf(place?.url ?? '');
  expect(await talk(port, 'GET /nothing HTTP/1.1\r\n\r\n')).toContain('200 OK');
  place?.close();
  const refused = connect({ host: here, port });
  const [error] = await once(refused, 'error');
  expect(error).toMatchObject({ code: 'ECONNREFUSED' });
});

test('only the target of a place is heard, and only with its id', async () => {
  const oast = listener();
  const place = await oast.open(here);
  onTestFinished(() => place?.close());
  const url = place?.url ?? '';
  const request = `GET /${url.split('/')[1]} HTTP/1.1\r\n\r\n`;
  expect(await talk(portOf(url), request, '127.0.0.2')).toBe('');
  await talk(portOf(url), 'GET /aaaaaaaaaaaaaaaaaaaaaaaaaa HTTP/1.1\r\n\r\n');
  expect(await place?.next(50, going())).toBe(null);
  await talk(portOf(url), request);
  expect(await place?.next(50, going())).toMatchObject({ protocol: 'http', address: here, request });
});

test('a client of LDAP is answered until it says what it looks for', async () => {
  const oast = listener();
  const place = await oast.open(here);
  onTestFinished(() => place?.close());
  const url = place?.url ?? '';
  const socket = connect({ host: here, port: portOf(url) });
  socket.write(Buffer.from('300c020101600702010304008000', 'hex'));
  const [answer] = await once(socket, 'data');
  expect(answer.toString('hex')).toBe('300c02010161070a010004000400');
  socket.write(Buffer.from(`0%\x02\x01\x02c ${url.split('/')[1]}`, 'latin1'));
  expect(await place?.next(2000, going())).toMatchObject({ protocol: 'ldap' });
  socket.destroy();
});

test('a question of DNS about a place is a call, and is answered with the address of the listener', async () => {
  const port = await freePort();
  const oast = oastListener({ address: here, random: systemRandom, domain: 'back.test', port });
  const place = await oast.open('192.0.2.9');
  onTestFinished(() => place?.close());
  const other = await oast.open(here);
  onTestFinished(() => other?.close());
  expect(place).toMatchObject({ named: true, url: expect.stringMatching(/^[a-z2-7]{26}\.back\.test$/) });
  const ask = async (name: string) => {
    const socket = createSocket('udp4');
    socket.send(encodeQuery({ name, type: 1, class: 1 }, 7, true) ?? '', port, here);
    const [bytes] = await once(socket, 'message');
    socket.close();
    return decodeMessage(new Uint8Array(bytes));
  };
  expect(await ask(`user.${place?.url}`)).toMatchObject({ rcode: 0, answers: [{ type: 1, length: 4 }] });
  expect(await place?.next(50, going())).toMatchObject({ protocol: 'dns', request: expect.stringContaining('user.') });
  expect(await ask('other.back.test')).toMatchObject({ rcode: 5, answers: [] });
});

test('a flood of bytes that never ends a line is cut off', async () => {
  const oast = listener();
  const place = await oast.open(here);
  onTestFinished(() => place?.close());
  expect(await talk(portOf(place?.url ?? ''), `\x01${'x'.repeat(60_000)}`)).toBe('');
  expect(await place?.next(20, going())).toBe(null);
});
