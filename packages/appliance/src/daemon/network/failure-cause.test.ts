import { describe, expect, it } from 'vitest';
import type { Attempt } from '../../console/errors/attempt.ts';
import { description, networkError } from '../../console/errors/network-error.ts';
import type { PortStatus } from '../../local/console-status.ts';
import { failureCause } from './failure-cause.ts';
import { lan } from '../../testing/lan-port.ts';
import type { NetworkView } from './network-view.ts';

const well: NetworkView = { ports: [lan], dns: ['10.0.0.53'], deadGateways: [], invalid: [] };
const failure = (kind: string, detail = '', proxy: { status: number | null; ntlm: boolean } | null = null) => ({
  kind,
  reason: null,
  message: '',
  hint: '',
  detail,
  proxy,
});
const said = (kind: string, view: NetworkView = well, detail = '', family: 4 | 6 = 4) =>
  description(failureCause(failure(kind, detail), view, family));

describe('what NETWORK ERR makes of a failed connection', () => {
  it.each([
    ['connect-timeout', 'PK con timeout'],
    ['refused', 'PK con timeout'],
    ['unreachable', 'PK con timeout'],
    ['closed', 'PK con timeout'],
    ['deadline', 'PK con timeout'],
    ['tls-handshake', 'PK SSL handshk'],
    ['certificate', 'PK SSL certval'],
    ['intercepted', 'PK SSL certval'],
    ['proxy-connect-timeout', 'prxy con tmout'],
    ['proxy-closed', 'prxy con close'],
    ['proxy-no-http', 'prxy no HTTP/1'],
    ['proxy-no-auth', 'prxy noauthsup'],
    ['proxy-auth-refused', 'prxy HTTP/407'],
    ['answer', 'PK bad answer'],
    ['signature', 'PK bad answer'],
    ['http-502', 'PK bad answer'],
    ['appliance.code-unknown', 'PK refused'],
  ])('%s is %s', (kind, text) => {
    expect(said(kind)).toBe(text);
  });

  it.each<[string, Partial<PortStatus>, string]>([
    ['an interface that is down', { up: false }, 'LAN iface down'],
    ['no carrier', { carrier: false }, 'LAN no CARRIER'],
    ['no address', { addresses: [] }, 'LAN no IPv4'],
    ['only an IPv6 address', { addresses: ['fd00::5/64'] }, 'LAN no IPv4'],
    ['127.0.0.1', { addresses: ['127.0.0.1/8'] }, 'inv LAN IP cnf'],
    ['no gateway', { gateway: null }, 'no LAN IPv4 GW'],
  ])('%s goes before what the connection saw', (_, change, text) => {
    const view = { ...well, ports: [{ ...lan, ...change }] };
    expect(said('unreachable', view)).toBe(text);
    expect(said('dns', view, 'EAI_AGAIN')).toBe(text);
    expect(said('certificate', view)).toBe('PK SSL certval');
  });

  it('a gateway that does not answer is none', () => {
    expect(said('connect-timeout', { ...well, deadGateways: ['10.0.0.1'] })).toBe('no LAN IPv4 GW');
  });

  it('under split network it is WAN that counts, and in IPv6-only mode IPv6', () => {
    const wan: PortStatus = { ...lan, port: 'wan', device: 'eth1', carrier: false };
    expect(said('unreachable', { ...well, ports: [lan, wan] })).toBe('WAN no CARRIER');
    expect(said('unreachable', well, '', 6)).toBe('LAN no IPv6');
  });

  it('a proxy that is silent may be our own network; one that answered is not', () => {
    const view = { ...well, ports: [{ ...lan, gateway: null }] };
    expect(said('proxy-connect-timeout', view, 'no answer in 10000 ms')).toBe('no LAN IPv4 GW');
    expect(said('proxy-connect-timeout', view, 'the connection was refused: ECONNREFUSED')).toBe('prxy con tmout');
    expect(said('proxy-connect-timeout', view, 'connected, but no answer in 30000 ms')).toBe('prxy con tmout');
    expect(said('proxy-closed', view)).toBe('prxy con close');
  });

  it.each<[string, number | null, boolean, Attempt, string]>([
    ['proxy-status', 503, false, 'in-force', '01 E02 prxy HTTP/503'],
    ['proxy-status', 404, false, 'proxy-enabled', '03 E02 prxy HTTP/404'],
    ['proxy-auth-refused', 407, false, 'proxy-enabled', '03 E03 prxy HTTP/407'],
    ['proxy-auth-refused', 401, false, 'proxy-enabled', '03 E03 prxy HTTP/401'],
    ['proxy-auth-refused', 407, true, 'in-force', '01 E01 prxy HTTP/407'],
    ['proxy-closed', null, true, 'in-force', '01 E00 prxy con close'],
    ['proxy-connect-timeout', null, false, 'proxy-enabled', '03 E03 prxy con tmout'],
    ['connect-timeout', null, false, 'proxy-disabled', '04 E04 PK con timeout'],
  ])('%s with %s, NTLM %s, after %s: %s', (kind, status, ntlm, attempt, text) => {
    const {
      code,
      eCode,
      description: line,
    } = networkError(attempt, failureCause(failure(kind, '', { status, ntlm }), well, 4));
    expect(`${code} ${eCode} ${line}`).toBe(text);
  });

  it('names that are not resolved: no server, no answer, or an answer', () => {
    expect(failureCause(failure('dns', 'ENOTFOUND'), { ...well, dns: [] }, 4)).toMatchObject({ kind: 'no-dns-server' });
    expect(failureCause(failure('dns', 'EAI_AGAIN'), well, 4)).toMatchObject({ kind: 'dns-failed', answered: false });
    expect(failureCause(failure('dns', 'ENOTFOUND'), well, 4)).toMatchObject({ kind: 'dns-failed', answered: true });
  });
});
