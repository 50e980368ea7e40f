import { mkdtemp } from 'node:fs/promises';
import { createServer as createHttpsServer, type Server } from 'node:https';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, systemRandom } from '@picket/base/adapters/system';
import { Secret } from '@picket/base/secret';
import { startProcess } from '@picket/testkit/running-process';
import { type TestCa, testCa } from '@picket/testkit/test-ca';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProxyAuth, ProxySettings } from '../proxy/proxy-settings.ts';
import type { ProxyPlace, ProxyProcess } from '../testing/proxy-process.ts';
import {
  bumpAuthority,
  missingPrograms,
  proxyAccount,
  proxyDomain,
  squidBasic,
  squidBump,
  squidDigest,
  squidNtlm,
  squidTls,
  tinyproxy,
  tinyproxyPassword,
} from '../testing/real-proxies.ts';
import { fetchPinnedCa } from './ca-bootstrap.ts';
import { httpsClient } from './https-client.ts';
import { proxyConnector } from './proxy-connector.ts';

const missing = missingPrograms();
const logged: string[] = [];

async function place(): Promise<ProxyPlace> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  const folder = await mkdtemp(join(tmpdir(), 'picket-proxy-'));
  return { launch: (argv) => startProcess(argv, {}, { ownGroup: true }), listen: '127.0.0.1', port, folder };
}

describe.skipIf(missing.length > 0)(`real proxies (missing here: ${missing.join(', ') || 'nothing'})`, () => {
  let ca: TestCa;
  let platform: Server;
  let port = 0;
  const sockets = new Set<Socket>();
  beforeAll(async () => {
    ca = await testCa('Picket test CA');
    platform = createHttpsServer(await ca.issue(['127.0.0.1', 'localhost']), (request, response) =>
      response.end(request.url === '/appliance/v1/ca.pem' ? ca.pem : 'hello'),
    );
    platform.on('connection', (socket: Socket) => sockets.add(socket));
    await new Promise<void>((resolve) => platform.listen(0, '127.0.0.1', resolve));
    port = (platform.address() as AddressInfo).port;
  });
  afterAll(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => platform.close(resolve));
    expect(logged.join('\n')).not.toMatch(/c4n|YzRu|s3cret/);
  });

  interface Try {
    readonly user?: string;
    readonly password?: string;
    readonly auth?: ProxyAuth;
    readonly host?: string;
  }
  const { user: name, password: right } = proxyAccount;
  const settings = (
    proxy: ProxyProcess,
    { user, password = right, auth = 'any', host = '127.0.0.1' }: Try,
  ): ProxySettings => ({
    host,
    port: proxy.place.port,
    tls: false,
    auth,
    login: user === undefined ? null : { user, password: new Secret(password) },
  });
  const connectorTo = (proxy: ProxyProcess, given: Try) =>
    proxyConnector({ proxy: settings(proxy, given), random: systemRandom, clock: systemClock });

  /** What a request to the platform comes to: its answer, or `kind detail`. */
  async function get(proxy: ProxyProcess, given: Try, connector = connectorTo(proxy, given)): Promise<string> {
    const client = httpsClient({ origin: `https://127.0.0.1:${port}`, connector, trust: { ca: ca.pem } });
    const result = await client.request({
      method: 'GET',
      target: '/',
      headers: {},
      body: new Uint8Array(),
      deadlineMs: 20_000,
      maxAnswerBytes: 1000,
    });
    client.close();
    logged.push(JSON.stringify(result));
    if (result.ok) return Buffer.from(result.value.body).toString();
    const { kind, detail, proxy: of } = result.error;
    return `${kind}: ${detail}${of?.ntlm === true ? ' (NTLM)' : ''}`;
  }

  it('squid with Basic', async () => {
    await using proxy = await squidBasic(await place());
    expect(await get(proxy, { user: name })).toBe('hello');
    expect(await get(proxy, { user: name, auth: 'basic', host: 'localhost' })).toBe('hello');
    expect(await get(proxy, { user: name, password: 'wrong' })).toBe(
      'proxy-auth-refused: HTTP 407 after a login by Basic',
    );
    expect(await get(proxy, { user: name, auth: 'ntlm' })).toBe('proxy-no-auth: it offers Basic, wanted is ntlm');
    expect(await get(proxy, { user: name, auth: 'digest' })).toContain('proxy-no-auth');
    expect(await get(proxy, {})).toBe('proxy-status: HTTP 407: it asks for a login, Basic');
    const log = await proxy.log('access.log');
    expect(log).toMatch(/CONNECT 127\.0\.0\.1:[0-9]+ games/);
  });

  it('squid with Digest, whose nonces grow old', async () => {
    await using proxy = await squidDigest(await place());
    const connector = connectorTo(proxy, { user: name });
    for (let count = 0; count < 6; count += 1) expect(await get(proxy, {}, connector)).toBe('hello');
    expect(await get(proxy, { user: name, auth: 'digest' })).toBe('hello');
    expect(await get(proxy, { user: name, password: 'wrong' })).toBe(
      'proxy-auth-refused: HTTP 407 after a login by Digest',
    );
    expect(await get(proxy, { user: name, auth: 'basic' })).toContain('proxy-no-auth: it offers Digest');
  });

  it('squid with NTLM that winbind verifies, version 2 only', async () => {
    await using proxy = await squidNtlm(await place());
    const ntlm = { user: `${proxyDomain}\\${name}` };
    const connector = connectorTo(proxy, ntlm);
    for (let count = 0; count < 3; count += 1)
      expect(await get(proxy, {}, connector), await proxy.log('cache.log')).toBe('hello');
    expect(await get(proxy, { ...ntlm, auth: 'ntlm' })).toBe('hello');
    expect(await get(proxy, { user: name })).toBe('hello');
    expect(await get(proxy, { user: `${proxyDomain.toLowerCase()}\\${name.toUpperCase()}` })).toBe('hello');
    const refused = 'proxy-auth-refused: HTTP 407 after a login by NTLM (NTLM)';
    expect(await get(proxy, { ...ntlm, password: 'wrong' })).toBe(refused);
    expect(await get(proxy, { user: `${proxyDomain}\\nobody-here` })).toBe(refused);
    expect(await get(proxy, { ...ntlm, auth: 'basic' })).toMatch(/^proxy-(no-auth|auth-refused)/);
    expect(await proxy.log('access.log')).toMatch(/TCP_TUNNEL\/200 .* PXBOX\\+games /);
  });

  it('squid with NTLM refuses a MIC that does not fit, so ours is looked at', async () => {
    await using proxy = await squidNtlm(await place());
    let changed = 0;
    const relay = createServer((socket) => {
      const far = connect(proxy.place.port, '127.0.0.1');
      socket.on('data', (chunk: Buffer) => {
        const text = chunk.toString('latin1');
        const message = /Proxy-Authorization: NTLM (TlRMTVNTUAAD[^\r]+)/.exec(text)?.[1];
        if (message === undefined) return void far.write(chunk);
        const bytes = Buffer.from(message, 'base64');
        bytes[72] = (bytes[72] ?? 0) ^ 1;
        changed += 1;
        far.write(text.replace(message, bytes.toString('base64')), 'latin1');
      });
      far.pipe(socket);
      for (const end of [socket, far]) end.on('error', () => {}).on('close', () => (socket.destroy(), far.destroy()));
    });
    await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
    const options = {
      ...settings(proxy, { user: `${proxyDomain}\\${name}` }),
      port: (relay.address() as AddressInfo).port,
    };
    const connector = proxyConnector({ proxy: options, random: systemRandom, clock: systemClock });
    expect(await get(proxy, {}, connector)).toBe('proxy-auth-refused: HTTP 407 after a login by NTLM (NTLM)');
    expect(changed).toBe(1);
    await new Promise((resolve) => relay.close(resolve));
  });

  it('squid that speaks TLS itself', async () => {
    await using proxy = await squidTls(await place(), await ca.issue(['127.0.0.1']));
    const own = { ...settings(proxy, {}), tls: true };
    const tools = { proxy: own, random: systemRandom, clock: systemClock };
    expect(await get(proxy, {}, proxyConnector({ ...tools, proxyCa: ca.pem }))).toBe('hello');
    expect(await get(proxy, {}, proxyConnector(tools))).toMatch(/^proxy-no-http: TLS with the proxy failed: /);
    expect(await get(proxy, {})).toMatch(/^proxy-(closed|no-http)/);
  });

  it('tinyproxy with Basic', async () => {
    await using proxy = await tinyproxy(await place());
    expect(await get(proxy, { user: name, password: tinyproxyPassword })).toBe('hello');
    expect(await get(proxy, { user: name, password: 'wrong' })).toBe(
      'proxy-auth-refused: HTTP 401 after a login by Basic',
    );
  });

  it('squid that opens TLS sessions is told by its authority', async () => {
    await using proxy = await squidBump(await place(), ca.pem);
    const detail = `intercepted: issuer "${bumpAuthority}" (Corp)`;
    expect(await get(proxy, {})).toBe(detail);
    await using blind = await squidBump(await place(), null);
    expect(await get(blind, {})).toBe(detail);
    const asked = {
      origin: `https://127.0.0.1:${port}`,
      caSha256: ca.sha256,
      connector: connectorTo(blind, {}),
      deadlineMs: 20_000,
    };
    expect(await fetchPinnedCa(asked)).toMatchObject({
      error: { kind: 'intercepted', detail: expect.stringContaining(bumpAuthority) },
    });
  });

  it('squid that may not go to the platform, or can not', async () => {
    await using proxy = await squidBasic(await place());
    const { port: open } = platform.address() as AddressInfo;
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const gone = (closed.address() as AddressInfo).port;
    await new Promise((resolve) => closed.close(resolve));
    expect(open).not.toBe(gone);
    const opened = await connectorTo(proxy, { user: name }).open(
      { host: '127.0.0.1', port: gone },
      AbortSignal.timeout(20_000),
    );
    expect(opened).toMatchObject({ error: { kind: 'proxy-status', proxy: { status: 503, ntlm: false } } });
    const unknown = await connectorTo(proxy, { user: name }).open(
      { host: 'no-such-host.invalid', port: 443 },
      AbortSignal.timeout(20_000),
    );
    expect(unknown).toMatchObject({ error: { kind: 'proxy-status' } });
  });
});
