import { createServer as createNetServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { systemClock, systemRandom } from '@picket/base/adapters/system';
import { FingerprintDb } from '@picket/checks/fingerprints/fingerprint-db';
import { testCa } from '@picket/testkit/test-ca';
import { afterEach, expect, it } from 'vitest';
import { nodeSockets } from '../adapters/node-sockets.ts';
import { createIdentifyService } from './identify.ts';

const closers: (() => void)[] = [];

afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A port that hands TLS to a web server and, with `ssh`, everything else to an SSH server. */
async function multiplexer(ssh: boolean): Promise<number> {
  const { key, cert } = await (await testCa()).issue(['lab.test']);
  const web = createTlsServer({ key, cert }, (socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'));
  });
  web.on('tlsClientError', (_error, socket) => socket.destroy());
  const sockets = new Set<Socket>();
  const port: Server = createNetServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('readable', () => {
      const first: Buffer | null = socket.read(1);
      if (first === null) return;
      socket.unshift(first);
      if (first[0] === 0x16 || !ssh) web.emit('connection', socket);
      else socket.write('SSH-2.0-OpenSSH_9.2p1\r\n');
    });
  });
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    port.close();
  });
  await new Promise<void>((resolve) => port.listen(0, '127.0.0.1', resolve));
  const address = port.address();
  return typeof address === 'object' && address ? address.port : 0;
}

async function infoOf(real: number): Promise<string> {
  const identify = createIdentifyService({
    fingerprints: new FingerprintDb([]),
    tlsSurvey: null,
    timing: { bannerMs: 100, likelyBannerMs: 200, answerMs: 500, tlsMs: 1000 },
  });
  const sockets = nodeSockets();
  const facts = await identify(
    { address: '127.0.0.1', port: 443, protocol: 'tcp', names: [] },
    {
      dialer: {
        connectTcp: (request) => sockets.connectTcp({ ...request, port: real }),
        exchangeUdp: (request) => sockets.exchangeUdp({ ...request, port: real }),
      },
      clock: systemClock,
      random: systemRandom,
      signal: new AbortController().signal,
    },
  );
  expect(facts).toMatchObject({ service: 'http', tunnel: 'tls' });
  return facts.info ?? '';
}

it('a port that speaks TLS and SSH is told as both', async () => {
  expect(await infoOf(await multiplexer(true))).toContain('also SSH in the clear: SSH-2.0-OpenSSH_9.2p1');
});

it('a port that speaks TLS alone is told as that', async () => {
  expect(await infoOf(await multiplexer(false))).not.toContain('SSH');
});
