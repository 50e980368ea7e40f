import { type AddressInfo, createServer, type Socket } from 'node:net';
import { systemClock, systemRandom } from '@picket/base/adapters/system';
import { Secret } from '@picket/base/secret';
import { afterEach, describe, expect, it } from 'vitest';
import type { ProxyPlan } from '../proxy/proxy-plan.ts';
import { pacThread } from './pac-thread.ts';
import { plannedConnector } from './planned-connector.ts';

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** A server that counts connections, and opens tunnels into nothing. */
async function counting() {
  const sockets = new Set<Socket>();
  const seen: string[] = [];
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}));
    seen.push('');
    socket.on('data', (chunk) => {
      seen[seen.length - 1] = chunk.toString('latin1');
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUps.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  return { port: (server.address() as AddressInfo).port, seen };
}

async function open(plan: ProxyPlan, port: number, totalMs = 8000) {
  const deps = { random: systemRandom, clock: systemClock, pac: pacThread(totalMs) };
  const opened = await plannedConnector(plan, deps).open({ host: '127.0.0.1', port }, AbortSignal.timeout(10_000));
  if (!opened.ok) return `${opened.error.kind} ${opened.error.message}`;
  opened.value.stream.destroy();
  return opened.value.via ?? 'direct';
}
const pac = (answer: string): ProxyPlan => ({
  kind: 'pac',
  script: `function FindProxyForURL(url, host) { return ${answer}; }`,
  auth: 'basic',
  login: { user: 'ada', password: new Secret('x') },
  noProxy: '',
});

describe('a planned way', () => {
  it('goes directly only where the plan says so', async () => {
    const [platform, proxy] = [await counting(), await counting()];
    const set = { host: '127.0.0.1', port: proxy.port, tls: false, auth: 'none', login: null } as const;
    expect(await open({ kind: 'direct' }, platform.port)).toBe('direct');
    expect(await open({ kind: 'proxy', proxy: set, noProxy: '127.0.0.0/8' }, platform.port)).toBe('direct');
    expect(platform.seen).toHaveLength(2);
    expect(await open({ kind: 'proxy', proxy: set, noProxy: '' }, platform.port)).toBe(`127.0.0.1:${proxy.port}`);
    expect(platform.seen).toHaveLength(2);
  });

  it('of a PAC file: the next proxy when one fails, never a DIRECT behind it', async () => {
    const [platform, proxy, gone] = [await counting(), await counting(), await counting()];
    await cleanUps.pop()?.();
    const { port } = platform;
    expect(await open(pac('"DIRECT"'), port)).toBe('direct');
    expect(await open(pac(`"SOCKS5 s:1; PROXY 127.0.0.1:${gone.port}; PROXY 127.0.0.1:${proxy.port}"`), port)).toBe(
      `127.0.0.1:${proxy.port}`,
    );
    expect(proxy.seen[0]).toMatch(/^CONNECT 127\.0\.0\.1:[0-9]+ HTTP\/1\.1[^]*Proxy-Authorization: Basic /);
    const before = platform.seen.length;
    expect(await open(pac(`"PROXY 127.0.0.1:${gone.port}; DIRECT"`), port)).toMatch(/^proxy-connect-timeout .*refused/);
    expect(await open(pac('"SOCKS5 s:1"'), port)).toMatch(/SOCKS5 is not supported/);
    expect(platform.seen).toHaveLength(before);
    expect(await open({ ...pac('"SOCKS s:1"'), noProxy: '127.0.0.1' } as ProxyPlan, port)).toBe('direct');
  });

  it('of a PAC file that resolves names, and of one that never ends', async () => {
    const { port } = await counting();
    expect(
      await open(pac('isInNet(dnsResolve("localhost"), "127.0.0.0", "255.0.0.0") ? "DIRECT" : "SOCKS s"'), port),
    ).toBe('direct');
    expect(await open(pac('(() => { for (;;); })()'), port)).toMatch(/it computed longer than 1000 ms/);
    expect(await open(pac("new Array(4294967295).join('')"), port, 3000)).toMatch(/no result in 3000 ms/);
    expect(await open(pac('[...Array(30).keys()].map((n) => dnsResolve(n + ".invalid")).join()'), port)).toMatch(
      /more than 20 names/,
    );
  });
});
