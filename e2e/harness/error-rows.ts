import type { Attempt } from '../../packages/appliance/src/console/errors/attempt.ts';
import type { CauseKind } from '../../packages/appliance/src/console/errors/cause.ts';
import { faultyDns } from './error-ground.ts';
import {
  type Made,
  change,
  lan,
  wan,
  connect,
  cable,
  card,
  leases,
  dhcp,
  proxyOf,
  proxy,
  door,
  blocked,
  onlyProxied,
  intruder,
  noWayOut,
} from './network-faults.ts';

/** What `NETWORK ERR` and the log say. */
interface Said {
  readonly code: string;
  readonly description: string;
  readonly eCode: string;
}

/** One fault, made for real, and what the console says of it. */
export interface ErrorRow extends Said, Made {
  readonly attempt: Attempt;
  readonly kind: CauseKind;
  /** What is wrong, in words. */
  readonly fault: string;
}

/** What no test makes here, and why. */
type Unmade = Omit<ErrorRow, 'fault' | 'make' | 'mend' | 'byItself'> & { readonly reason: string };

const row = (attempt: Attempt, said: string, kind: CauseKind, fault: string, made: Made): ErrorRow => {
  const [code = '', eCode = '', ...rest] = said.split(' ');
  return { attempt, code, eCode, description: rest.join(' '), kind, fault, ...made };
};

/** Faults of LAN, the proxy and the platform: the appliance without split network. */
export const lanRows: readonly ErrorRow[] = [
  row('in-force', '01 E10 LAN no CARRIER', 'no-carrier', 'the cable of LAN is pulled', cable('lan0', 'in-force')),
  row(
    'activation',
    '01 E10 LAN iface down',
    'iface-down',
    'the network card of LAN is gone',
    card('lan0', 'box', 'activation'),
  ),
  row('activation', '14 E14 LAN DNS failed', 'dns-failed', 'the DNS server has ended', {
    make: async (ground) => {
      await ground.stopDns('lansrv');
      await connect('activation')(ground);
    },
    mend: (ground) => ground.startDns('lansrv'),
    byItself: true,
  }),
  row(
    'lan-static',
    '07 E09 inv LAN IP cnf',
    'invalid-config',
    'LAN IP ADDR 127.0.0.1 is saved',
    change('lan-static', lan({ address: '127.0.0.1', prefixLength: 8 })),
  ),
  row(
    'lan-static',
    '07 E07 inv LAN IP cnf',
    'invalid-config',
    'a LAN GATEWAY outside the network is saved',
    change('lan-static', lan({ gateway: '10.99.0.1' })),
  ),
  row(
    'lan-static',
    '07 E07 no LAN IPv4 GW',
    'no-gateway',
    'a LAN GATEWAY that nobody has is saved',
    change('lan-static', lan({ gateway: '10.11.0.99' })),
  ),
  row(
    'lan-static',
    '09 E05 LAN DNS failed',
    'dns-failed',
    'LAN DNS1 answers NXDOMAIN',
    change('lan-static', lan({ dns: [faultyDns.lan.unknowing] })),
  ),
  row(
    'lan-static',
    '09 E13 LAN DNS failed',
    'dns-failed',
    'LAN DNS1 never answers',
    change('lan-static', lan({ dns: [faultyDns.lan.silent] })),
  ),
  row('lan-dhcp', '10 E10 LAN no IPv4', 'no-address', 'no DHCP server is on LAN', dhcp('lan-dhcp', 'lansrv', null)),
  row(
    'lan-dhcp',
    '10 E10 no LAN IPv4 GW',
    'no-gateway',
    'the DHCP server names no router',
    dhcp('lan-dhcp', 'lansrv', [leases.lan, 'dhcp-option=3', 'dhcp-option=option:dns-server,10.11.0.1']),
  ),
  row(
    'lan-dhcp',
    '09 E13 LAN no DNS srv',
    'no-dns-server',
    'the DHCP server names no DNS server',
    dhcp('lan-dhcp', 'lansrv', [leases.lan, 'dhcp-option=option:router,10.11.0.1', 'dhcp-option=6']),
  ),
  row(
    'ip-mode',
    '10 E10 LAN no IPv6',
    'no-address',
    'IPv6-only mode where no router advertises',
    dhcp('ip-mode', 'lansrv', null, { ipMode: 'ipv6-only' }),
  ),
  row(
    'ip-mode',
    '10 E10 no LAN IPv6 GW',
    'no-gateway',
    'IPv6-only mode where what advertises on LAN is no way out',
    noWayOut('lansrv', { lan: { method: 'dhcp' } }),
  ),
  row(
    'vlan',
    '13 E10 LAN no IPv4',
    'no-address',
    'a VLAN that the kernel can not make (it lacks 802.1Q)',
    change('vlan', { lanVlan: 7 }),
  ),
  row('reset', '10 E10 LAN no IPv4', 'no-address', 'reset where no DHCP server is on LAN', {
    make: (ground) => ground.visitor.ask({ type: 'reset' }),
  }),
  row(
    'proxy-enabled',
    '03 E03 prxy con tmout',
    'proxy-timeout',
    'nobody listens on PROXY PORT',
    blocked('lansrv', 3128, 'reject with tcp reset', change('proxy-enabled', proxyOf(null))),
  ),
  row('proxy-enabled', '03 E02 prxy con close', 'proxy-closed', 'the proxy closes the connection', proxy('close')),
  row('proxy-enabled', '03 E03 prxy no HTTP/1', 'proxy-no-http', 'PROXY PORT is that of an SSH server', proxy('ssh')),
  row(
    'proxy-enabled',
    '03 E02 prxy noauthsup',
    'proxy-no-auth',
    'the proxy offers Negotiate only',
    proxy('offer Negotiate', 'secret-1'),
  ),
  row(
    'proxy-enabled',
    '03 E03 prxy HTTP/407',
    'proxy-status',
    'the proxy refuses user and password',
    proxy('offer Basic', 'secret-2'),
  ),
  row('proxy-enabled', '03 E02 prxy HTTP/404', 'proxy-status', 'the proxy answers CONNECT by 404', proxy('status 404')),
  row(
    'proxy-enabled',
    '03 E00 prxy con close',
    'proxy-closed',
    'the proxy closes the connection in the NTLM exchange',
    proxy('ntlm-close', 'secret-3'),
  ),
  row(
    'proxy-enabled',
    '03 E01 prxy HTTP/404',
    'proxy-status',
    'the proxy answers by 404 in the NTLM exchange',
    proxy('ntlm-status 404', 'secret-4'),
  ),
  row(
    'proxy-disabled',
    '04 E04 PK con timeout',
    'platform-timeout',
    'there is no way to the platform but the proxy',
    onlyProxied,
  ),
  row(
    'in-force',
    '01 E06 PK con timeout',
    'platform-timeout',
    'a firewall drops what goes to the platform',
    blocked('wansrv', 8443, 'drop', { make: connect('in-force') }),
  ),
  row(
    'in-force',
    '01 E06 PK SSL handshk',
    'tls-handshake',
    'an SSH server is in the place of the platform',
    door(() => 'ssh'),
  ),
  row(
    'in-force',
    '01 E06 PK SSL certval',
    'certificate',
    'another authority has issued the certificate',
    door((ground) => `tls ${ground.certificate('other')}`),
  ),
  row(
    'activation',
    '01 E06 PK SSL certval',
    'certificate',
    'the certificate has expired',
    door((ground) => `tls ${ground.certificate('expired')}`, 'activation'),
  ),
  row(
    'in-force',
    '01 E06 PK bad answer',
    'platform-answer',
    'a gateway answers HTTP 502 in the place of the platform',
    door((ground) => `tls ${ground.certificate('good')}`),
  ),
  row('activation', '01 E06 PK refused', 'platform-refused', 'a personalization code that the platform does not know', {
    make: (ground) => ground.visitor.ask({ type: 'personalize', code: '12345678901234' }),
    mend: connect('in-force'),
    byItself: true,
  }),
];

/** Faults at the start of the appliance. */
export const bootRows: readonly ErrorRow[] = [
  row('boot', '06 E10 LAN no CARRIER', 'no-carrier', 'the appliance starts with the cable of LAN pulled', {
    make: (ground) => ground.bench.lab.setLink('box', 'lan0', 'down'),
    mend: (ground) => ground.bench.lab.setLink('box', 'lan0', 'up'),
    byItself: true,
  }),
];

/** Faults of WAN, which carries management under split network. */
export const wanRows: readonly ErrorRow[] = [
  row('in-force', '01 E12 WAN no CARRIER', 'no-carrier', 'the cable of WAN is pulled', cable('wan0', 'in-force')),
  row(
    'in-force',
    '01 E12 WAN iface down',
    'iface-down',
    'the network card of WAN is gone',
    card('wan0', 'mgmt', 'in-force'),
  ),
  row(
    'wan-static',
    '08 E11 inv WAN IP cnf',
    'invalid-config',
    'WAN IP ADDR 127.0.0.1 is saved',
    change('wan-static', wan({ address: '127.0.0.1', prefixLength: 8 })),
  ),
  row(
    'wan-static',
    '08 E08 inv WAN IP cnf',
    'invalid-config',
    'a WAN GATEWAY outside the network is saved',
    change('wan-static', wan({ gateway: '10.99.0.1' })),
  ),
  row(
    'wan-static',
    '09 E05 WAN DNS failed',
    'dns-failed',
    'WAN DNS1 answers NXDOMAIN',
    change('wan-static', wan({ dns: [faultyDns.wan.unknowing] })),
  ),
  row('wan-dhcp', '12 E12 WAN no IPv4', 'no-address', 'no DHCP server is on WAN', dhcp('wan-dhcp', 'wansrv', null)),
  row(
    'wan-dhcp',
    '12 E12 no WAN IPv4 GW',
    'no-gateway',
    'the DHCP server on WAN names no router, and the platform is elsewhere',
    dhcp('wan-dhcp', 'wansrv', [leases.wan, 'dhcp-option=3', 'dhcp-option=6']),
  ),
  row(
    'wan-dhcp',
    '09 E13 WAN no DNS srv',
    'no-dns-server',
    'the DHCP server on WAN names no DNS server',
    dhcp('wan-dhcp', 'wansrv', [leases.wan, 'dhcp-option=option:router,10.22.0.1', 'dhcp-option=6']),
  ),
  row('wan-dhcp', '12 E12 inv WAN IP cnf', 'invalid-config', 'DHCP puts WAN into the network of LAN', intruder),
  row(
    'ip-mode',
    '10 E12 WAN no IPv6',
    'no-address',
    'IPv6-only mode where no router advertises on WAN',
    dhcp('ip-mode', 'wansrv', null, { ipMode: 'ipv6-only', lan: { method: 'dhcp' } }),
  ),
  row(
    'ip-mode',
    '10 E12 no WAN IPv6 GW',
    'no-gateway',
    'IPv6-only mode where what advertises on WAN is no way out',
    noWayOut('wansrv', { wan: { method: 'dhcp' }, lan: { method: 'dhcp' } }),
  ),
];

export const errorRows: readonly ErrorRow[] = [...bootRows, ...lanRows, ...wanRows];

const not = (attempt: Attempt, said: string, kind: CauseKind, reason: string): Unmade => {
  const [code = '', eCode = '', ...rest] = said.split(' ');
  return { attempt, code, eCode, description: rest.join(' '), kind, reason };
};

export const unmade: readonly Unmade[] = [
  not(
    'wan-disabled',
    '12 E06 PK con timeout',
    'platform-timeout',
    "management then leaves WAN's namespace, and the daemon starts again there and keeps the code",
  ),
];
