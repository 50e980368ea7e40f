import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluatePac, type PacJob } from './evaluate-pac.ts';
import { pacWays, usableWays } from './pac-result.ts';

const wasm = new WebAssembly.Module(readFileSync(fileURLToPath(import.meta.resolve('quickjs-wasi/quickjs.wasm'))));
/** Thursday, 29 February 2024, 13:30:15 UTC. */
const now = Date.UTC(2024, 1, 29, 13, 30, 15);
const names = new Map<string, string | null>([
  ['www.example.com', '10.1.2.3'],
  ['nowhere.example', null],
]);
const job: PacJob = {
  script: '',
  url: 'https://www.example.com/',
  host: 'www.example.com',
  names,
  ownAddress: '192.0.2.7',
  now,
  offsetMinutes: 0,
};

const run = (script: string, more: Partial<PacJob> = {}) =>
  evaluatePac({ ...job, script, ...more }, wasm, () => performance.now());
const value = async (expression: string, more: Partial<PacJob> = {}) => {
  const outcome = await run(`function FindProxyForURL(url, host) { return String(${expression}); }`, more);
  return outcome.kind === 'found' ? outcome.result : outcome;
};

describe('the functions of PAC files', () => {
  it.each([
    ["isPlainHostName('www')", 'true'],
    ["isPlainHostName('www.example.com')", 'false'],
    ["dnsDomainIs(host, '.example.com')", 'true'],
    ["dnsDomainIs('www.example.org', '.example.com')", 'false'],
    ["localHostOrDomainIs('www', 'www.example.com')", 'true'],
    ["localHostOrDomainIs('www.example.com', 'www.example.com')", 'true'],
    ["localHostOrDomainIs('home.example.com', 'www.example.com')", 'false'],
    ['isResolvable(host)', 'true'],
    ["isResolvable('nowhere.example')", 'false'],
    ["isInNet(host, '10.0.0.0', '255.0.0.0')", 'true'],
    ["isInNet(host, '10.1.2.4', '255.255.255.255')", 'false'],
    ["isInNet('172.16.5.5', '172.16.0.0', '255.240.0.0')", 'true'],
    ["isInNet('nowhere.example', '0.0.0.0', '0.0.0.0')", 'false'],
    ['dnsResolve(host)', '10.1.2.3'],
    ["dnsResolve('nowhere.example')", 'null'],
    ['myIpAddress()', '192.0.2.7'],
    ["dnsDomainLevels('www')", '0'],
    ['dnsDomainLevels(host)', '2'],
    ["shExpMatch('http://home/ari/index.html', '*/ari/*')", 'true'],
    ["shExpMatch('http://home/monty/index.html', '*/ari/*')", 'false'],
    ["shExpMatch('a.b', 'a?b')", 'true'],
    ["shExpMatch('ab', 'a*b*')", 'true'],
    ["shExpMatch('a[b', 'a[b')", 'true'],
    ["weekdayRange('THU')", 'true'],
    ["weekdayRange('MON', 'FRI')", 'true'],
    ["weekdayRange('SAT', 'WED')", 'false'],
    ["weekdayRange('FRI', 'THU', 'GMT')", 'true'],
    ['dateRange(29)', 'true'],
    ["dateRange('FEB')", 'true'],
    ['dateRange(2024)', 'true'],
    ['dateRange(1, 15)', 'false'],
    ["dateRange('JAN', 'MAR')", 'true'],
    ["dateRange('NOV', 'JAN')", 'false'],
    ["dateRange(1, 'JAN', 28, 'FEB')", 'false'],
    ["dateRange(1, 'JAN', 2024, 29, 'FEB', 2024)", 'true'],
    ["dateRange('DEC', 2023, 'MAR', 2024, 'GMT')", 'true'],
    ['timeRange(13)', 'true'],
    ['timeRange(14)', 'false'],
    ['timeRange(9, 17)', 'true'],
    ['timeRange(22, 6)', 'false'],
    ['timeRange(13, 30, 13, 31)', 'true'],
    ["timeRange(13, 30, 16, 13, 31, 0, 'GMT')", 'false'],
    ["alert('x')", 'undefined'],
  ])('%s is %s', async (expression, expected) => {
    expect(await value(expression)).toBe(expected);
  });

  it('tell local time from GMT', async () => {
    const east = { offsetMinutes: -12 * 60 };
    expect(
      await value("[weekdayRange('FRI'), weekdayRange('FRI', 'GMT'), timeRange(1), timeRange(13, 'GMT')]", east),
    ).toBe('true,false,true,true');
  });
});

describe('a PAC file', () => {
  it('is asked with the address and the host', async () => {
    expect(await value("url + ' ' + host")).toBe('https://www.example.com/ www.example.com');
  });

  it('is run again with a name that it wants to know', async () => {
    expect(await value("dnsResolve('Other.Example')")).toEqual({ kind: 'ask', name: 'other.example' });
  });

  it.each([
    ['', 'failed'],
    ['function FindProxyForURL() { return 7; }', 'failed'],
    ['function FindProxyForURL() { throw new Error("x"); }', 'failed'],
    ['syntax error(', 'failed'],
    ['function FindProxyForURL() { for (;;); }', 'failed'],
    ['for (;;);', 'failed'],
    ['function FindProxyForURL() { return FindProxyForURL(); }', 'failed'],
    ['function FindProxyForURL() { let a = "x"; for (;;) a += a; }', 'failed'],
    ['function FindProxyForURL() { return "x".repeat(100000); }', 'failed'],
    ['function FindProxyForURL() { return typeof process + typeof require + typeof fetch; }', 'found'],
  ])('that does harm only itself: %s', async (script, kind) => {
    const outcome = await run(script);
    expect(outcome.kind).toBe(kind);
    if (outcome.kind === 'found') expect(outcome.result).toBe('undefined'.repeat(3));
  });
});

describe('what FindProxyForURL gives', () => {
  it.each([
    ['DIRECT', [{ kind: 'direct' }]],
    ['', [{ kind: 'direct' }]],
    ['PROXY a.example:3128; DIRECT', [{ kind: 'proxy', host: 'a.example', port: 3128, tls: false }]],
    [
      'proxy a; HTTPS b',
      [
        { kind: 'proxy', host: 'a', port: 80, tls: false },
        { kind: 'proxy', host: 'b', port: 443, tls: true },
      ],
    ],
    ['DIRECT; PROXY a:1', [{ kind: 'direct' }]],
    ['SOCKS5 s:1; PROXY [fd00::1]:1;', [{ kind: 'proxy', host: 'fd00::1', port: 1, tls: false }]],
    ['SOCKS s:1', []],
    ['PROXY a:b c; x', []],
  ])('%j leads to %j', (text, ways) => {
    expect(usableWays(pacWays(text))).toEqual(ways);
  });

  it('names what it skips', () => {
    expect(pacWays('SOCKS5 s:1;QUIC q:1; \u001b[31m')).toEqual([
      { kind: 'skipped', name: 'SOCKS5' },
      { kind: 'skipped', name: 'QUIC' },
      { kind: 'skipped', name: '??31?'.replace('31?', '31M') },
    ]);
  });

  it('may be anything', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (text) => usableWays(pacWays(text)).length <= 16),
    );
  });
});
