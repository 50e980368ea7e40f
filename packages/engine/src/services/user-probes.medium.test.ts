import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { createServer, type Server, type Socket } from 'node:net';
import { systemClock, systemRandom } from '@picket/base/adapters/system';
import type { Dialer } from '@picket/base/dialer';
import { FingerprintDb } from '@picket/checks/fingerprints/fingerprint-db';
import { parseServiceProbes } from '@picket/checks/service-probes/parse-service-probes';
import { ServiceProbeMatcher } from '@picket/checks/service-probes/service-probe-matcher';
import { afterEach, describe, expect, it } from 'vitest';
import { nodeSockets } from '../adapters/node-sockets.ts';
import type { ServiceFacts } from '../run/stages.ts';
import { createIdentifyService } from './identify.ts';
import type { ServiceTiming } from './timing.ts';

const fast: ServiceTiming = {
  connectMs: 500,
  bannerMs: 60,
  usualBannerMs: 60,
  likelyBannerMs: 150,
  answerMs: 150,
  fallbackAnswerMs: 60,
  tlsMs: 200,
  udpMs: 200,
  totalMs: 2000,
};

/** Made for this test: a protocol that Picket does not know. */
const given = String.raw`Exclude T:7999
Probe TCP NULL q||
totalwaitms 200
match gadget m/^GADGET v([\d.]+)\r\n/ p/Gadget server/ v/$1/ i/greets/ o/GadgetOS/ d/toy/ cpe:/a:acme:gadget:$1/ cpe:/o:acme:gadgetos/
softmatch gadget m/^GADGET\b/
Probe TCP Who q|WHO\r\n|
totalwaitms 200
ports 7000
match gadget m/^I AM ([a-z]+) ([\d.]+)\r\n/ p/Gadget $1/ v/$2/
match web m|^HTTP/1\.[01] 200 .*\r\nX-Made-By: ([^\r\n]+)\r\n|s p/$1/
match never m/^I AM/ p/wrong/
Probe TCP Odd q|WHAT\r\n|
totalwaitms 200
match other m/^I AM odd/ p/Odd/
Probe UDP Ping q|ping|
ports 7001
match gadget-ping m/^pong (\d)/ p/Gadget/ v/$1/
`;

const open: { readonly close: () => Promise<void> }[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

async function serve(handle: (socket: Socket) => void): Promise<{ port: number; connections: () => number }> {
  let connections = 0;
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => {});
    handle(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push({
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  });
  const address = server.address();
  return { port: typeof address === 'object' && address ? address.port : 0, connections: () => connections };
}

/** Answers one request and says nothing else. */
function answering(question: string, answer: string) {
  return (socket: Socket) => socket.on('data', (data) => String(data) === question && socket.write(answer));
}

async function look(real: number, shown: number, protocol: 'tcp' | 'udp' = 'tcp', text = given): Promise<ServiceFacts> {
  const sockets = nodeSockets();
  const dialer: Dialer = {
    connectTcp: (request) => sockets.connectTcp({ ...request, port: real }),
    exchangeUdp: (request) => sockets.exchangeUdp({ ...request, port: real }),
  };
  const file = parseServiceProbes(text);
  const identify = createIdentifyService({
    fingerprints: new FingerprintDb([]),
    timing: fast,
    userProbes: { file, matcher: new ServiceProbeMatcher(file) },
    tlsSurvey: null,
  });
  const tools = { dialer, clock: systemClock, random: systemRandom, signal: new AbortController().signal };
  return identify({ address: '127.0.0.1', port: shown, protocol, names: [] }, tools);
}

describe('service probes of the user', () => {
  it('name a greeting that ours do not know, without another connection', async () => {
    const { port, connections } = await serve((socket) => socket.write('GADGET v2.7\r\n'));
    expect(await look(port, 40_000)).toMatchObject({
      service: 'gadget',
      product: 'Gadget server',
      version: '2.7',
      info: 'greets; device: toy; line 4 of the service probes given',
      os: { product: 'GadgetOS', cpe: expect.stringContaining('cpe:2.3:o:acme:gadgetos') },
      cpes: [expect.stringContaining('cpe:2.3:a:acme:gadget:2.7'), expect.stringContaining('cpe:2.3:o:acme:gadgetos')],
      confidence: 1,
      method: 'banner',
    });
    expect(connections()).toBe(1);
  });

  it('are sent to a port where ours heard nothing', async () => {
    const { port } = await serve(answering('WHO\r\n', 'I AM blue 3.1\r\n'));
    expect(await look(port, 7000)).toMatchObject({
      service: 'gadget',
      product: 'Gadget blue',
      version: '3.1',
      method: 'probe',
      evidence: { probe: 'given:Who' },
    });
  });

  it('after a soft match ask only what may know the service better', async () => {
    const asked: string[] = [];
    const { port } = await serve((socket) => {
      socket.write('GADGET unknown\r\n');
      socket.on('data', (data) => asked.push(String(data)));
    });
    expect(await look(port, 40_001)).toMatchObject({ service: 'gadget', confidence: 0.8 });
    expect(asked).not.toContain('WHAT\r\n');
  });

  it('add a product to what ours know without one, only where they name the port', async () => {
    const page = 'HTTP/1.1 200 OK\r\nX-Made-By: Acme\r\nContent-Length: 0\r\n\r\n';
    const { port } = await serve((socket) => socket.on('data', () => socket.end(page)));
    expect(await look(port, 7000)).toMatchObject({ service: 'http', product: 'Acme' });
    expect((await look(port, 40_002)).product).toBeUndefined();
  });

  it('are not sent to the ports that the file excludes', async () => {
    const { port, connections } = await serve(answering('WHAT\r\n', 'I AM odd'));
    expect((await look(port, 40_003)).product).toBe('Odd');
    const before = connections();
    expect((await look(port, 7999)).service).toBe('unknown');
    expect((await look(port, 7999, 'tcp', 'Probe UDP X q|x|')).service).toBe('unknown');
    expect(connections() - before).toBe(2 * (before - connectionsOfUser));
  });

  it('work over UDP', async () => {
    const socket: UdpSocket = createSocket('udp4');
    socket.on('message', (message, from) => {
      if (String(message) === 'ping') socket.send('pong 4', from.port, from.address);
    });
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    open.push({ close: () => new Promise((resolve) => socket.close(() => resolve())) });
    expect(await look(socket.address().port, 7001, 'udp')).toMatchObject({
      service: 'gadget-ping',
      product: 'Gadget',
      version: '4',
    });
  });

  it('end in time on a server that pours data without end', async () => {
    const { port } = await serve((socket) => {
      const pour = () => {
        while (!socket.destroyed && socket.write('A'.repeat(65_536)));
      };
      socket.on('drain', pour);
      pour();
    });
    expect((await look(port, 40_004)).service).toBe('unknown');
  });
});

/** NULL, Who and Odd: what the file asks on a port that nobody names. */
const connectionsOfUser = 3;
