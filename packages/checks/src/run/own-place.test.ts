import { describe, expect, it } from 'vitest';
import { compileCheck } from '../compile-check.ts';
import { ownPlace } from './own-place.ts';

const scanned = { address: '10.0.0.7', name: null, names: ['app.corp.test'], port: 0, tls: false };

describe('the place of a self-contained request', () => {
  it.each([
    ['http://10.0.0.7/x', { port: 80, tls: false, name: null }],
    ['https://APP.corp.test', { port: 443, tls: true, name: 'app.corp.test' }],
    ['http://app.corp.test:8080?x=1', { port: 8080, tls: false, name: 'app.corp.test' }],
    ['10.0.0.7:443', { port: 443, tls: true, name: null }],
    ['tls://10.0.0.7:8443', { port: 8443, tls: true, name: null }],
  ])('%s is the scanned host', (text, expected) => {
    expect(ownPlace(text, scanned)).toMatchObject({ address: '10.0.0.7', ...expected });
  });

  it.each([
    'http://10.0.0.8/',
    'https://api.public.test/',
    'http://app.corp.test.evil.test/',
    'http://app.corp.test@10.0.0.8/',
    'http://10.0.0.8#@10.0.0.7/',
    'http://10.0.0.7:0/',
    'http://10.0.0.7:99999/',
    'http://[10.0.0.7',
    '/path',
    '',
  ])('"%s" is not', (text) => {
    expect(ownPlace(text, scanned)).toBeNull();
  });

  it('may be an address of IPv6', () => {
    const six = { address: 'fd00::7', name: null, port: 0, tls: false };
    expect(ownPlace('https://[fd00::7]:8443/x', six)).toMatchObject({ address: 'fd00::7', port: 8443, tls: true });
    expect(ownPlace('https://[fd00::8]:8443/x', six)).toBeNull();
  });
});

describe('the places of a self-contained template', () => {
  const places = (body: string) => {
    const compiled = compileCheck(`id: a\ninfo:\n  name: a\nself-contained: true\n${body}`);
    return compiled.ok ? compiled.value.places : compiled.error.problems.map(({ what }) => what);
  };
  const raw = (...lines: readonly string[]) => `http:\n  - raw:\n      - |\n        ${lines.join('\n        ')}\n`;

  it.each([
    [raw('GET https://api.public.test/x HTTP/1.1', 'Host: {{Hostname}}'), ['api.public.test']],
    [raw('GET / HTTP/1.1', 'Host: 10.0.0.7:5431'), ['10.0.0.7']],
    [raw('GET / HTTP/1.1', 'Host: {{host}}'), ['*']],
    [
      'http:\n  - path: ["https://{{region}}.public.test/", "http://API.public.test/{{token}}"]\n',
      ['*', 'api.public.test'],
    ],
    ['http:\n  - path: ["https://public{{suffix}}/"]\n', ['*']],
    ['tcp:\n  - host: ["10.0.0.7:22", "tls://{{Host}}:993"]\n', ['10.0.0.7', '*']],
    ['ssl:\n  - address: "app.corp.test:443"\n', ['app.corp.test']],
  ])('%# are what is written', (body, expected) => {
    expect(places(body)).toEqual(expected);
  });

  it('can not be found out of scripts and questions of DNS, which do not run', () => {
    expect(places('dns:\n  - name: "public.test"\n    type: A\n')).toEqual(['self-contained']);
  });
});
