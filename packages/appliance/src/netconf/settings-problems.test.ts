import { describe, expect, it } from 'vitest';
import { factorySettings, type NetworkSettings } from './network-settings.ts';
import { changeProblems, settingsProblems } from './settings-problems.ts';

const lan = {
  method: 'static' as const,
  address: '10.1.2.3',
  prefixLength: 24,
  gateway: '10.1.2.1',
  dns: ['10.1.2.53'],
  wins: [],
  domain: null,
};
const wan = {
  method: 'static' as const,
  address: '192.0.2.9',
  prefixLength: 28,
  gateway: '192.0.2.1',
  dns: ['192.0.2.1'],
};
const staticLan = (change: Partial<typeof lan>): NetworkSettings => ({
  ...factorySettings,
  lan: { ...lan, ...change },
});
const codes = (settings: NetworkSettings) => settingsProblems(settings).map(({ port, code }) => `${port} ${code}`);

describe('problems of network settings', () => {
  it('are none in the factory state and in a sound split network', () => {
    expect(codes(factorySettings)).toEqual([]);
    expect(codes({ ...factorySettings, lan, wan })).toEqual([]);
  });

  it.each([
    [{ address: '127.0.0.1' }, 'lan address-is-loopback'],
    [{ gateway: '127.0.0.1' }, 'lan gateway-is-loopback'],
    [{ gateway: '10.1.3.1' }, 'lan gateway-not-in-network'],
    [{ gateway: '10.1.2.3' }, 'lan gateway-is-own-address'],
    [{ gateway: '10.1.2.255' }, 'lan gateway-is-not-a-host'],
    [{ address: '10.1.2.0' }, 'lan address-is-not-a-host'],
    [{ address: '224.0.0.5' }, 'lan address-is-not-a-host'],
    [{ address: '0.0.0.0' }, 'lan address-is-not-a-host'],
    [{ prefixLength: 31 }, 'lan prefix-too-long'],
    [{ prefixLength: 64 }, 'lan prefix-too-long'],
    [{ address: 'fd00::5', prefixLength: 64, gateway: 'fd00::1' }, 'lan wrong-family'],
  ])('name what is wrong with %o', (change, expected) => {
    expect(codes(staticLan(change))).toEqual([expected]);
  });

  it('mark loopback, for the runbooks of older models', () => {
    expect(settingsProblems(staticLan({ gateway: '127.0.0.1' }))[0]?.loopback).toBe(true);
    expect(settingsProblems(staticLan({ gateway: '10.1.3.1' }))[0]?.loopback).toBe(false);
  });

  it('refuse one subnet on both ports at the prompt, whatever the masks are', () => {
    const near = { ...wan, address: '10.1.2.130', prefixLength: 25, gateway: '10.1.2.129' };
    expect(settingsProblems({ ...factorySettings, lan, wan: near })).toMatchObject([
      { port: 'wan', code: 'same-subnet', refuse: true },
    ]);
  });

  it('take a link-local gateway and IPv6 addresses in IPv6-only mode', () => {
    const lan6 = { ...lan, address: 'fd00::5', prefixLength: 64, gateway: 'fe80::1' };
    expect(codes({ ...factorySettings, ipMode: 'ipv6-only', lan: lan6 })).toEqual([]);
    expect(codes({ ...factorySettings, ipMode: 'ipv6-only', lan })).toEqual(['lan wrong-family']);
  });

  it('refuse WAN while LAN has no address, but not a second time when LAN has lost it', () => {
    const split = { ...factorySettings, wan };
    expect(changeProblems(factorySettings, split, null)).toMatchObject([{ code: 'lan-not-configured', refuse: true }]);
    expect(changeProblems(factorySettings, split, { address: '10.1.2.3', prefixLength: 24 })).toEqual([]);
    expect(changeProblems(split, split, null)).toEqual([]);
    expect(changeProblems(factorySettings, { ...split, lan }, null)).toEqual([]);
  });
});
