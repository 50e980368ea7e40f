import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exceptsHost } from './no-proxy.ts';
import { noProxyCases } from './no-proxy-cases.testing.ts';
import { parseProxyFile, proxyFilePermissions } from './proxy-file.ts';
import { isExcepted, type ProxyPlaces, proxyPlan } from './proxy-plan.ts';
import { variableProxy } from './proxy-variables.ts';

it.each(noProxyCases)('no_proxy %j for %s: %s', (list, host, excepted) => {
  expect(exceptsHost(list, host)).toBe(excepted);
});

it('no_proxy takes whatever it says', () => {
  fc.assert(
    fc.property(
      fc.string({ maxLength: 60 }),
      fc.string({ maxLength: 30 }),
      (list, host) => exceptsHost(list, host) !== null,
    ),
  );
});

describe('the variables of the system', () => {
  it.each([
    [{}, null],
    [{ https_proxy: 'a', HTTPS_PROXY: 'b', all_proxy: 'c' }, 'a'],
    [{ https_proxy: 'a', picket_https_proxy: 'p' }, 'p'],
    [{ HTTPS_PROXY: 'b', all_proxy: 'c' }, 'b'],
    [{ https_proxy: '', all_proxy: 'c', ALL_PROXY: 'd' }, 'c'],
    [{ ALL_PROXY: 'd', http_proxy: 'e' }, 'd'],
    [{ http_proxy: 'e' }, 'e'],
    [{ HTTP_PROXY: 'f' }, null],
  ])('%j: %s', (variables, url) => {
    expect(variableProxy(variables).url).toBe(url);
  });

  it('have exceptions in either case, the lower first', () => {
    expect(variableProxy({ no_proxy: 'a', NO_PROXY: 'b' }).noProxy).toBe('a');
    expect(variableProxy({ no_proxy: '', NO_PROXY: 'b' }).noProxy).toBe('b');
  });
});

describe('the proxy file', () => {
  it.each([
    ['https_proxy=https://a:b@h:1', 'https://a:b@h:1'],
    ['export https_proxy=http://h:1\n', 'http://h:1'],
    ['export HTTPS_PROXY="http://h:1";\r\n', 'http://h:1'],
    ["https_proxy = 'http://h:1'", 'http://h:1'],
    ['# x\n\nhttps_proxy=http://h:1\npicket_https_proxy=http://g:2', 'http://g:2'],
    ['qualys_https_proxy=http://q:1\nhttps_proxy=http://h:1', 'http://q:1'],
    ['qualys_https_proxy=http://q:1\npicket_https_proxy=http://g:2', 'http://g:2'],
    ['https_proxy=http://h:1\nhttps_proxy=http://h:2', 'http://h:2'],
    ['all_proxy=http://a:1\nhttps_proxy=http://h:1', 'http://h:1'],
    ['export all_proxy=http://a:1', 'http://a:1'],
    ['https_proxy=', null],
    ['', null],
  ])('%j', (text, url) => {
    expect(parseProxyFile(text)).toEqual({ url, noProxy: '', warnings: [] });
  });

  it('has exceptions, and names lines that it does not understand without their values', () => {
    const file = parseProxyFile('no_proxy=.example.com\nsecret_thing=hunter2\nhunter2');
    expect(file.noProxy).toBe('.example.com');
    expect(file.warnings).toEqual([
      'Line 2 of the proxy file sets nothing that is known.',
      'Line 3 of the proxy file sets nothing that is known.',
    ]);
  });

  it('takes whatever it is', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 200 }),
        (text) => parseProxyFile(`https_proxy=${text}`).warnings.length <= 10,
      ),
    );
  });

  it.each([
    [0, 0o100600, null],
    [0, 0o100660, null],
    [0, 0o100640, null],
    [1000, 0o100600, 'it does not belong to root'],
    [0, 0o100664, 'its mode is 664'],
    [1000, 0o100770, 'it does not belong to root, and its mode is 770'],
  ])('of user %i with mode %i', (uid, mode, fault) => {
    const said = proxyFilePermissions({ uid, mode });
    expect(said === null ? null : said.includes(fault ?? 'never')).toBe(fault === null ? null : true);
  });
});

describe('which place counts', () => {
  const system = { url: 'http://system:1', noProxy: 'sys.example' };
  const nothing: ProxyPlaces = {
    file: null,
    fileIs: 'Proxy file',
    pac: null,
    system: { url: null, noProxy: '' },
    auth: 'any',
    login: null,
  };
  const chosen = (places: Partial<ProxyPlaces>) => {
    const plan = proxyPlan({ ...nothing, ...places });
    if (!plan.ok) return plan.error;
    return plan.value.kind === 'proxy' ? plan.value.proxy.host : plan.value.kind;
  };
  const file = { url: 'http://file:1', noProxy: '' };

  it('the file, then PAC, then the system, then none', () => {
    expect(chosen({ file, pac: 'x', system })).toBe('file');
    expect(chosen({ file: { url: null, noProxy: 'a' }, pac: 'x', system })).toBe('pac');
    expect(chosen({ pac: 'x', system })).toBe('pac');
    expect(chosen({ system })).toBe('system');
    expect(chosen({})).toBe('direct');
  });

  it('and one that can not be used is an error, never a direct connection', () => {
    expect(chosen({ file: { url: 'socks5://a:hunter2@h:1', noProxy: '' }, system })).toMatch(
      /^Proxy file: SOCKS is not supported/,
    );
    expect(chosen({ system: { url: 'ftp://h', noProxy: '' } })).toMatch(/^Proxy of the environment: /);
  });

  it('the exceptions of the file go before those of the system, whose proxy never gets the own machine', () => {
    const plan = (places: Partial<ProxyPlaces>, host: string) => {
      const made = proxyPlan({ ...nothing, ...places });
      return made.ok && made.value.kind !== 'direct' && isExcepted(made.value, { host, port: 443 });
    };
    expect(plan({ file: { ...file, noProxy: 'own.example' }, system }, 'a.own.example')).toBe(true);
    expect(plan({ file: { ...file, noProxy: 'own.example' }, system }, 'sys.example')).toBe(false);
    expect(plan({ system }, '127.0.0.9')).toBe(true);
    expect(plan({ system }, '10.0.0.9')).toBe(false);
    expect(plan({ file, system }, '127.0.0.9')).toBe(false);
  });
});
