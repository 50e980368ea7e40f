import { connect, createServer, type Server, type Socket } from 'node:net';
import { systemClock, systemRandom } from '@picket/base/adapters/system';
import { isoTime } from '@picket/base/clock';
import { Secret } from '@picket/base/secret';
import { directConnector } from '@picket/outbound/adapters/direct-connector';
import { proxyConnector } from '@picket/outbound/adapters/proxy-connector';
import { afterEach, describe, expect, it } from 'vitest';
import type { DoctorReport } from '@picket/contracts/doctor';
import type { PortStatus } from '../../local/console-status.ts';
import { PlatformStandIn } from '../../testing/platform-stand-in.ts';
import { doctorProbes } from '../adapters/doctor-probes.ts';
import type { NetworkWatch } from '../network/network-view.ts';
import { examine } from './examine.ts';

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

const lan: PortStatus = {
  port: 'lan',
  device: 'lo',
  up: true,
  carrier: true,
  mac: null,
  addresses: ['127.0.0.1/8'],
  gateway: null,
};
const watch: NetworkWatch = {
  look: async () => ({ ports: [lan], dns: ['127.0.0.53'], deadGateways: [], invalid: [] }),
};

async function listener(serve: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}));
    serve(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUps.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function doctor(of: {
  host?: string;
  proxyPort?: number;
  ca?: string | null;
  platformPort?: number;
  user?: string;
}): Promise<DoctorReport> {
  const stand = await PlatformStandIn.start();
  cleanUps.push(() => stand.stop());
  const platform = { host: of.host ?? '127.0.0.1', port: of.platformPort ?? stand.port };
  const login = of.user === undefined ? null : { user: of.user, password: new Secret('s3cret') };
  const proxy = { host: '127.0.0.1', port: of.proxyPort ?? 0, tls: false, auth: 'any', login } as const;
  const hasProxy = of.proxyPort !== undefined;
  const tools = { random: systemRandom, clock: systemClock };
  const connector = hasProxy ? proxyConnector({ proxy, ...tools }) : directConnector(2000);
  const link = { trust: async () => ({ ca: of.ca === undefined ? stand.ca.pem : of.ca }), client: () => null };
  const origin = `https://${platform.host}:${platform.port}`;
  const target = { origin, hasProxy, family: 4, link, devices: { lan: null, wan: null } } as const;
  const now = () => isoTime(systemClock.now());
  const patient = { host: platform.host, family: 4, hasProxy, attempt: 'in-force', now } as const;
  return examine(patient, doctorProbes(target, watch, { connector, clock: systemClock }), () => {});
}

const said = ({ error, steps }: DoctorReport) => error?.description ?? steps.map(({ outcome }) => outcome).join(' ');

/** A proxy that opens every tunnel that it is asked for, if need be with a login. */
const openProxy = (login = '') =>
  listener((socket) => {
    socket.once('data', (chunk) => {
      if (!chunk.toString('latin1').includes(login))
        return socket.end('HTTP/1.1 407 x\r\nProxy-Authenticate: Basic\r\nConnection: close\r\n\r\n');
      const [, host = '', port = ''] = /^CONNECT ([^:]+):([0-9]+)/.exec(chunk.toString('latin1')) ?? [];
      const far = connect(Number(port), host, () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        socket.pipe(far).pipe(socket);
      });
      far.on('error', () => socket.destroy());
    });
  });

/** Endpoints, clock, and transfer, which needs an identity. */
const behind = 'ok ok not-tested';

describe('the network doctor at real sockets', () => {
  it('finds a platform well, directly and through a proxy', async () => {
    expect(said(await doctor({}))).toBe(`ok ok ok not-used not-used ok ${behind}`);
    expect(said(await doctor({ proxyPort: await openProxy() }))).toBe(`ok ok ok not-used ok ok ${behind}`);
    const basic = Buffer.from('ada:s3cret').toString('base64');
    expect(said(await doctor({ proxyPort: await openProxy(basic), user: 'ada' }))).toBe(
      `ok ok ok not-used ok ok ${behind}`,
    );
    expect(said(await doctor({ proxyPort: await openProxy(basic), user: 'eve' }))).toBe('prxy HTTP/407');
  });

  it('tells a name that nothing resolves', async () => {
    const report = await doctor({ host: 'no-such-host.invalid' });
    expect(said(report)).toBe('LAN DNS failed');
    expect(report.steps[3]?.outcome).toBe('failed');
  });

  it('tells a platform that is not there, one of another authority, and one that speaks no TLS', async () => {
    const closed = await listener(() => {});
    await cleanUps.pop()?.();
    expect(said(await doctor({ platformPort: closed }))).toBe('PK con timeout');
    expect(said(await doctor({ ca: null }))).toBe('PK SSL certval');
    const deaf = await listener((socket) => socket.once('data', () => socket.end('hello\r\n')));
    expect(said(await doctor({ platformPort: deaf }))).toBe('PK SSL handshk');
  });

  it.each<[string, (socket: Socket) => void, string]>([
    ['closes', (socket) => socket.destroy(), 'prxy con close'],
    ['says something else', (socket) => socket.write('SSH-2.0-x\r\n'), 'prxy no HTTP/1'],
    ['refuses', (socket) => socket.write('HTTP/1.1 403 Forbidden\r\n\r\n'), 'prxy HTTP/403'],
    [
      'wants Negotiate',
      (socket) => socket.write('HTTP/1.1 407 x\r\nProxy-Authenticate: Negotiate\r\n\r\n'),
      'prxy noauthsup',
    ],
    ['wants a login', (socket) => socket.write('HTTP/1.1 407 x\r\nProxy-Authenticate: Basic\r\n\r\n'), 'prxy HTTP/407'],
  ])('tells a proxy that %s', async (_, serve, text) => {
    const proxyPort = await listener((socket) => socket.once('data', () => serve(socket)));
    expect(said(await doctor({ proxyPort }))).toBe(text);
  });

  it('tells a proxy that is not there', async () => {
    const proxyPort = await listener(() => {});
    await cleanUps.pop()?.();
    expect(said(await doctor({ proxyPort }))).toBe('prxy con tmout');
  });
});
