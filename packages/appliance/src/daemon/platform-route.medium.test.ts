import { type AddressInfo, createServer, type Socket } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemRandom } from '@picket/base/adapters/system';
import { err, ok, type Result } from '@picket/base/result';
import { Secret } from '@picket/base/secret';
import { FakeClock } from '@picket/testkit/fake-clock';
import { afterEach, describe, expect, it } from 'vitest';
import type { ProxySettings } from '../netconf/network-settings.ts';
import { HelperStandIn } from '../testing/helper-stand-in.ts';
import { helperSocket } from './adapters/helper-socket.ts';
import { readProxyPlan } from './adapters/read-proxy-plan.ts';
import { proxyOptions } from './config.ts';
import { PlatformRoute } from './platform-route.ts';

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** Opens every tunnel into nothing, and keeps what it was asked. */
async function proxy() {
  const sockets = new Set<Socket>();
  const asked: string[] = [];
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}));
    socket.on('data', (chunk) => {
      asked.push(chunk.toString('latin1'));
      const login = chunk.includes('Authorization');
      socket.write(`HTTP/1.1 ${login ? 200 : 407} x\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUps.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  return { port: (server.address() as AddressInfo).port, asked };
}

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'picket-route-'));
  cleanUps.push(() => rm(path, { recursive: true, force: true }));
  return path;
}

const clock = new FakeClock();
const tools = { clock, random: systemRandom, proxyCa: null };

async function via(route: PlatformRoute, port: number): Promise<string> {
  const opened = await route.open({ host: '127.0.0.1', port }, AbortSignal.timeout(5000));
  if (!opened.ok) return `${opened.error.kind}: ${opened.error.detail}`;
  opened.value.stream.destroy();
  return opened.value.via ?? 'direct';
}

describe('the way to the platform', () => {
  it('is that of the console, read again when it changes and after a while, kept while it can not be read', async () => {
    const [platform, one, other] = [await proxy(), await proxy(), await proxy()];
    const at = (port: number, password = 'x'): ProxySettings => ({
      host: '127.0.0.1',
      port,
      user: 'ada',
      password: new Secret(password),
    });
    let told: Result<ProxySettings | null, string> = err('not there');
    const source = { proxy: async () => told };
    const route = new PlatformRoute({ ...tools, source, plan: { kind: 'direct' } });
    expect(await via(route, platform.port)).toBe('unreachable: not there');
    expect(platform.asked).toEqual([]);
    told = ok(at(one.port));
    expect(await via(route, platform.port)).toBe(`127.0.0.1:${one.port}`);
    told = ok(at(other.port));
    expect(await via(route, platform.port)).toBe(`127.0.0.1:${one.port}`);
    route.forget();
    expect(await via(route, platform.port)).toBe(`127.0.0.1:${other.port}`);
    told = err('gone');
    route.forget();
    expect(await via(route, platform.port)).toBe(`127.0.0.1:${other.port}`);
    // Another password is another proxy; the way to log in that was learned stays with the old one.
    told = ok(at(other.port, 'new'));
    route.forget();
    await via(route, platform.port);
    expect(other.asked.at(-1)).toContain(Buffer.from('ada:new').toString('base64'));
    told = ok(null);
    route.forget();
    expect(await route.hasProxy(null)).toBe(false);
    told = ok(at(one.port));
    await clock.advance(31_000);
    // Nobody waits because time went by; the next one has it.
    expect(await via(route, platform.port)).toBe('direct');
    expect(await via(route, platform.port)).toBe(`127.0.0.1:${one.port}`);
    told = ok(null);
    route.forget();
    expect(await via(route, platform.port)).toBe('direct');
  });

  it('is told by the network helper, password and all', async () => {
    const [platform, set] = [await proxy(), await proxy()];
    const path = join(await folder(), 'helper');
    const helper = await HelperStandIn.start(path);
    cleanUps.push(() => helper.stop());
    helper.proxy = { host: '127.0.0.1', port: set.port, user: 'CORP\\ada', password: 's3cret' };
    const route = new PlatformRoute({ ...tools, source: helperSocket(path), plan: { kind: 'direct' } });
    expect(await via(route, platform.port)).toBe(`127.0.0.1:${set.port}`);
    expect(set.asked.at(-1)).toContain(Buffer.from('CORP\\ada:s3cret').toString('base64'));
  });
});

it('knows whether a proxy stands before a destination', async () => {
  const { plan } = await readProxyPlan(proxyOptions.parse({ url: 'http://p:1', noProxy: '.own' }), {});
  const route = new PlatformRoute({ ...tools, source: null, plan });
  expect(await route.hasProxy(null)).toBe(true);
  expect(await route.hasProxy({ host: 'a.own', port: 443 })).toBe(false);
  expect(await route.hasProxy({ host: 'a.other', port: 443 })).toBe(true);
});

describe('the options of a process', () => {
  const planOf = async (options: Record<string, unknown>, environment = {}) => {
    const { plan, warnings } = await readProxyPlan(proxyOptions.parse(options), environment);
    const shown =
      plan.kind === 'proxy'
        ? `${plan.proxy.login?.user}@${plan.proxy.host}:${plan.proxy.port} ${plan.noProxy}`
        : plan.kind;
    return [shown, ...warnings];
  };

  it('are read from files and the environment, a URL before all', async () => {
    const path = await folder();
    const [file, pac] = [join(path, 'proxy'), join(path, 'pac')];
    await writeFile(file, 'export https_proxy=http://eve:x@file:1\nno_proxy=.own\n', { mode: 0o600 });
    await writeFile(pac, 'function FindProxyForURL() { return "DIRECT"; }');
    const environment = { https_proxy: 'http://environment:2' };
    expect(await planOf({}, {})).toEqual(['direct']);
    expect(await planOf({}, environment)).toEqual(['undefined@environment:2 ,localhost,127.0.0.0/8,::1']);
    expect(await planOf({ pac }, environment)).toEqual(['pac']);
    expect((await planOf({ pac, file }, environment))[0]).toBe('eve@file:1 .own');
    const url = { url: 'http://given:3', user: 'ada', password: new Secret('y') };
    expect((await planOf({ pac, file, ...url }, environment))[0]).toBe('ada@given:3 .own');
    expect((await planOf({ ...url, noProxy: 'x' }, environment))[0]).toBe('ada@given:3 x');
    await writeFile(file, 'https_proxy=http://file:1\n', { mode: 0o644 });
    const { chmod } = await import('node:fs/promises');
    await chmod(file, 0o644);
    expect((await planOf({ file }))[1]).toContain('its mode is 644');
  });

  it.each([
    [{ url: 'socks5://h:1' }, 'SOCKS is not supported'],
    [{ url: 'http://ada:%zz-hunter2@h' }, 'must be URL-encoded'],
    [{ file: '/no/such/file' }, "The proxy file can't be read"],
    [{ pac: '/no/such/file' }, "The PAC file can't be read"],
  ])('that can not be used end the start: %j', async (options, message) => {
    const failed = await planOf(options).catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: 'appliance.proxy-invalid', message: expect.stringContaining(message) });
    expect(String(failed)).not.toContain('hunter2');
  });
});
