import { Secret } from '@picket/base/secret';
import { describe, expect, it } from 'vitest';
import { factorySettings, networkSettings, settingsDocument } from './network-settings.ts';

const lan = {
  method: 'static',
  address: '10.1.2.3',
  prefixLength: 24,
  gateway: '10.1.2.1',
  dns: ['10.1.2.53'],
  wins: [],
  domain: null,
};

describe('network settings', () => {
  it('keep through a stored document, the proxy password included', () => {
    const proxy = { host: 'proxy.corp', port: 443, user: 'CORP\\bob', password: new Secret('p w') };
    const written: unknown = JSON.parse(JSON.stringify(settingsDocument({ ...factorySettings, proxy })));
    expect(networkSettings.parse(written).proxy?.password?.reveal()).toBe('p w');
  });

  it('do not show the proxy password when printed', () => {
    const proxy = { host: 'proxy.corp', port: 443, user: 'bob', password: 'canary' };
    expect(JSON.stringify(networkSettings.parse({ ...factorySettings, proxy }))).not.toContain('canary');
  });

  it('hold IPv6 addresses in canonical form', () => {
    const typed = { ...lan, address: 'FD00:0:0:0::5', prefixLength: 64, gateway: 'fd00::1', dns: ['fd00::53'] };
    expect(networkSettings.parse({ ...factorySettings, ipMode: 'ipv6-only', lan: typed }).lan).toMatchObject({
      address: 'fd00::5',
    });
  });

  it('refuse what is no address, and say why', () => {
    const parsed = networkSettings.safeParse({ ...factorySettings, lan: { ...lan, gateway: '10.1.2.256' } });
    expect(parsed.error?.issues[0]?.message).toBe('"10.1.2.256" is not an address: octet 256 is larger than 255');
  });

  it.each([
    ['a VLAN over 4094', { lanVlan: 4095 }],
    ['an unknown key', { nat: true }],
    ['three name servers', { lan: { ...lan, dns: ['10.0.0.1', '10.0.0.2', '10.0.0.3'] } }],
    ['WINS on WAN', { wan: lan }],
    ['an unknown link mode', { links: { lan: '1000-half', wan: 'auto' } }],
  ])('refuse %s', (_, change) => {
    expect(networkSettings.safeParse({ ...factorySettings, ...change }).success).toBe(false);
  });
});
