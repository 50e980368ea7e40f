import { execFileSync, spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { exceptsHost } from './no-proxy.ts';
import { noProxyCases } from './no-proxy-cases.testing.ts';
import { variableProxy } from './proxy-variables.ts';

const proxyPort = 3128;

/**
 * Where curl would connect to, in a network without any interface: nothing leaves, and it says what it tried. Null: curl or the right to make such a
 * network is not there.
 */
function tries(host: string, env: Readonly<Record<string, string>>, args: readonly string[] = []): string {
  const authority = host.includes(':') ? `[${host}]` : host;
  const named = /^[0-9.]+$|:/.test(host) ? [] : ['--resolve', `${host}:443:192.0.2.9`];
  const words = ['-n', 'curl', '-q', '-sv', '-m', '5', ...named, ...args, `https://${authority}/`];
  const done = spawnSync('unshare', words, { env: { PATH: process.env['PATH'] ?? '', ...env }, encoding: 'utf8' });
  const tried = /\*\s+Trying (\S+?)\.\.\./.exec(done.stderr)?.[1];
  if (tried === undefined) throw new Error(done.stderr.slice(0, 500));
  return tried;
}

const readsIpv6Networks = () =>
  tries('fd00::1', { no_proxy: 'fd00::/16' }, ['-x', `http://127.0.0.1:${proxyPort}`]) !== `127.0.0.1:${proxyPort}`;

function canRunCurl(): boolean {
  try {
    execFileSync('unshare', ['-n', 'curl', '--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe.skipIf(!canRunCurl())('curl itself', () => {
  it.each(noProxyCases)('with no_proxy %j for %s', (list, host) => {
    const tried = tries(host, { no_proxy: list }, ['-x', `http://127.0.0.1:${proxyPort}`]);
    // curl 7.88 compares IPv6 hosts as texts; that is a fault of it, and its manual and later ones have addresses and networks.
    const asText = host.includes(':') && !readsIpv6Networks();
    expect(tried !== `127.0.0.1:${proxyPort}`).toBe(asText ? list === host : exceptsHost(list, host));
  });

  it.each([
    [{ https_proxy: 'http://127.0.0.1:1', HTTPS_PROXY: 'http://127.0.0.1:2' }],
    [{ HTTPS_PROXY: 'http://127.0.0.1:2', all_proxy: 'http://127.0.0.1:3' }],
    [{ https_proxy: '', all_proxy: 'http://127.0.0.1:3', ALL_PROXY: 'http://127.0.0.1:4' }],
    [{ ALL_PROXY: '127.0.0.1:4' }],
    [{ HTTP_PROXY: 'http://127.0.0.1:5' }],
    [{ https_proxy: 'http://127.0.0.1' }],
    [{ https_proxy: 'http://127.0.0.1:1', no_proxy: 'example', NO_PROXY: 'x' }],
    [{ https_proxy: 'http://127.0.0.1:1', NO_PROXY: 'example' }],
  ] as Record<string, string>[][])('takes the variables as we do: %j', (variables = {}) => {
    const { url, noProxy } = variableProxy(variables);
    const place = url?.replace('http://', '') ?? null;
    const ours =
      place === null || exceptsHost(noProxy, 'a.example')
        ? '192.0.2.9:443'
        : place.includes(':')
          ? place
          : `${place}:1080`;
    expect(tries('a.example', variables)).toBe(ours);
  });
});
