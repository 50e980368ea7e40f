import { createServer, type Server, type Socket } from 'node:net';
import { systemClock, systemRandom } from '@picket/base/adapters/system';
import type { Dialer } from '@picket/base/dialer';
import { FingerprintDb } from '@picket/checks/fingerprints/fingerprint-db';
import { serviceEvent } from '@picket/contracts/event';
import { afterEach, describe, expect, it } from 'vitest';
import { nodeSockets } from '../adapters/node-sockets.ts';
import type { ServiceFacts } from '../run/stages.ts';
import { createIdentifyService } from './identify.ts';

const identify = createIdentifyService({
  fingerprints: new FingerprintDb([]),
  timing: { bannerMs: 120, usualBannerMs: 120, likelyBannerMs: 1000, answerMs: 300, fallbackAnswerMs: 60, tlsMs: 200 },
});

const open: { server: Server; sockets: Set<Socket> }[] = [];

afterEach(async () => {
  for (const { server, sockets } of open.splice(0)) {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** A server that handles each connection so; gives its port and counts what it was asked. */
async function serve(
  handle: (socket: Socket) => void,
): Promise<{ port: number; connections: () => number; bytes: () => number }> {
  const sockets = new Set<Socket>();
  let connections = 0;
  let bytes = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    connections += 1;
    socket.on('data', (data) => {
      bytes += data.length;
    });
    socket.on('error', () => {});
    handle(socket);
  });
  open.push({ server, sockets });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    connections: () => connections,
    bytes: () => bytes,
  };
}

/** Looks at a real port as if it were `shown`. */
async function look(real: number, shown = real, askFragile = false): Promise<ServiceFacts> {
  const sockets = nodeSockets();
  const dialer: Dialer = {
    connectTcp: (request) => sockets.connectTcp({ ...request, port: real }),
    exchangeUdp: (request) => sockets.exchangeUdp({ ...request, port: real }),
  };
  const tools = { dialer, clock: systemClock, random: systemRandom, signal: new AbortController().signal };
  const facts = await identify({ address: '127.0.0.1', port: shown, protocol: 'tcp', names: [], askFragile }, tools);
  serviceEvent.parse({
    type: 'service',
    unit: { phase: 'services', subject: '127.0.0.1' },
    time: '2026-01-01T00:00:00.000Z',
    address: '127.0.0.1',
    protocol: 'tcp',
    port: shown,
    ...facts,
  });
  return facts;
}

describe('a port that would mislead', () => {
  it.each([6379, 25, 445, 5432, 9200, 443, 40000])(
    'echoing everything back is named echo on port %i, never what was asked',
    async (shown) => {
      const { port } = await serve((socket) => socket.pipe(socket));
      expect((await look(port, shown)).service).toBe('echo');
    },
  );

  it.each([2375, 9200, 6443, 6379, 40001])(
    'answering 200 to everything on port %i is HTTP without a product',
    async (shown) => {
      const { port } = await serve((socket) =>
        socket.on('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')),
      );
      const facts = await look(port, shown);
      expect(facts.service).toBe('http');
      expect(facts.product).toBeUndefined();
    },
  );

  it('staying silent keeps the name of its number at a confidence of 0.3', async () => {
    const { port } = await serve(() => {});
    expect(await look(port, 6379)).toMatchObject({ service: 'redis', method: 'port-number', confidence: 0.3 });
  });

  it('staying silent on a number that nobody knows is unknown', async () => {
    const { port } = await serve(() => {});
    expect(await look(port, 40_002)).toMatchObject({ service: 'unknown', confidence: 0 });
  });

  it('sending random bytes to everything is unknown, with the bytes as evidence fit to print', async () => {
    const { port } = await serve((socket) => socket.on('data', () => socket.end('\u001b[31mQQ\u0000zz\u0007')));
    const facts = await look(port, 6379);
    expect(facts.service).toBe('unknown');
    expect(facts.evidence?.excerpt).toBe('\\x1b[31mQQ\\x00zz\\x07');
  });

  it('greeting in words that nobody knows is asked nothing more', async () => {
    const { port, connections } = await serve((socket) => socket.write('HELLO FROM THE GADGET v9\r\n'));
    expect((await look(port, 40_003)).service).toBe('unknown');
    expect(connections()).toBe(1);
  });

  it('closing at once is unknown', async () => {
    const { port } = await serve((socket) => socket.end());
    expect((await look(port, 40_004)).info).toContain('closes');
  });

  it('pouring out data without end is read up to a bound', async () => {
    const { port } = await serve((socket) => {
      const pour = () => {
        while (!socket.destroyed && socket.write('A'.repeat(65_536)));
      };
      socket.on('drain', pour);
      pour();
    });
    const facts = await look(port, 40_005);
    expect(facts.service).toBe('unknown');
    expect(facts.evidence?.excerpt.length).toBeLessThanOrEqual(2048);
  });
});

describe('a fragile port', () => {
  it.each([9100, 102, 502, 20_000, 44_818, 47_808])('%i gets no connection and not a byte', async (shown) => {
    const { port, connections, bytes } = await serve(() => {});
    const facts = await look(port, shown);
    expect(facts.info).toContain('fragile-host');
    expect(facts.method).toBe('port-number');
    expect([connections(), bytes()]).toEqual([0, 0]);
  });
});

describe('a server that greets late', () => {
  /** Greets after a while, and takes whoever speaks before for a sender of junk, as mail servers do. */
  const late = (socket: Socket) => {
    const timer = setTimeout(() => socket.write('220 mail.test ESMTP Exim 4.96\r\n'), 250);
    socket.on('close', () => clearTimeout(timer));
    socket.once('data', (data) => {
      clearTimeout(timer);
      if (String(data).startsWith('EHLO')) socket.write('250 mail.test\r\n');
      else socket.end('554 SMTP synchronization error\r\n');
    });
  };

  it.each([25, 40_010])('is met again and heard out on port %i', async (shown) => {
    const { port, connections } = await serve(late);
    expect(await look(port, shown)).toMatchObject({ service: 'smtp', hostname: 'mail.test' });
    expect(connections()).toBe(2);
  });
});

describe('a port that stays silent', () => {
  it('is asked in at most three connections at once', async () => {
    const { port } = await serve(() => {});
    const sockets = nodeSockets();
    let now = 0;
    let most = 0;
    const dialer: Dialer = {
      connectTcp: async (request) => {
        const dialed = await sockets.connectTcp({ ...request, port });
        if (!dialed.ok) return dialed;
        now += 1;
        most = Math.max(most, now);
        const { value } = dialed;
        let open = true;
        const close = () => {
          if (open) now -= 1;
          open = false;
          value.close();
        };
        const { address } = value;
        return {
          ok: true,
          value: {
            address,
            port,
            write: (bytes) => value.write(bytes),
            read: (options) => value.read(options),
            startTls: async (options) => {
              const session = await value.startTls(options);
              if (!session.ok) close();
              return session;
            },
            close,
          },
        };
      },
      exchangeUdp: (request) => sockets.exchangeUdp(request),
    };
    const tools = { dialer, clock: systemClock, random: systemRandom, signal: new AbortController().signal };
    const facts = await identify({ address: '127.0.0.1', port: 40_011, protocol: 'tcp', names: [] }, tools);
    expect(facts.service).toBe('unknown');
    expect([now, most]).toEqual([0, 3]);
  });
});

describe('a fragile port that the user wants asked', () => {
  it('gets the question of its own protocol and no other', async () => {
    const heard: string[] = [];
    const { port } = await serve((socket) =>
      socket.on('data', (data) => {
        heard.push(data.toString('hex'));
        // Exception of function 43: illegal function.
        socket.write(Buffer.from('50490000000301ab01', 'hex'));
      }),
    );
    expect(await look(port, 502, true)).toMatchObject({ service: 'mbap', method: 'probe', info: 'exception 1' });
    expect(heard).toEqual(['504900000005012b0e0100']);
  });
});

describe('a service on a port of another', () => {
  it('is found by its banner: SSH on the port of HTTP', async () => {
    const { port } = await serve((socket) => socket.write('SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n'));
    expect((await look(port, 80)).service).toBe('ssh');
  });

  it('is found by the way it refuses HTTP: Redis on a free port', async () => {
    const { port } = await serve((socket) =>
      socket.on('data', (data) =>
        socket.write(
          String(data).startsWith('INFO') ? '-NOAUTH Authentication required.\r\n' : '-ERR unknown command\r\n',
        ),
      ),
    );
    expect(await look(port, 40_006)).toMatchObject({ service: 'redis', product: 'Redis' });
  });
});

describe('a cancelled identification', () => {
  it('ends within a second though the port is silent', async () => {
    const controller = new AbortController();
    const { port } = await serve(() => controller.abort());
    const patient = createIdentifyService({ fingerprints: new FingerprintDb([]) });
    const sockets = nodeSockets();
    const dialer: Dialer = {
      connectTcp: (request) => sockets.connectTcp(request),
      exchangeUdp: (request) => sockets.exchangeUdp(request),
    };
    const began = performance.now();
    const tools = { dialer, clock: systemClock, random: systemRandom, signal: controller.signal };
    await patient({ address: '127.0.0.1', port, protocol: 'tcp', names: [] }, tools);
    expect(performance.now() - began).toBeLessThan(1000);
  });
});
