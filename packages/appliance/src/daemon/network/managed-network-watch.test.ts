import { expect, it } from 'vitest';
import type { PortStatus } from '../../local/console-status.ts';
import type { ManagedPort } from '../console/network-helper.ts';
import { failureCause } from './failure-cause.ts';
import { withManaged } from './managed-network-watch.ts';

const seen: PortStatus = {
  port: 'lan',
  device: 'lan0',
  up: true,
  carrier: true,
  mac: null,
  addresses: [],
  gateway: null,
};
const told: ManagedPort = {
  port: 'lan',
  up: true,
  carrier: true,
  addresses: ['10.0.0.5/24'],
  gateway: '10.0.0.1',
  invalid: null,
};
const failure = { kind: 'connect-timeout', reason: null, message: '', hint: '', detail: '', proxy: null };
const cause = (port: Partial<PortStatus>, managed: Partial<ManagedPort>) => {
  const view = { ports: [{ ...seen, ...port }], dns: ['10.0.0.53'], deadGateways: [], invalid: [] };
  return failureCause(failure, withManaged(view, [{ ...told, ...managed }]), 4);
};

it('takes address and gateway of the helper: with a VLAN they are not on the port', () => {
  expect(cause({}, {})).toEqual({ kind: 'platform-timeout' });
});

it('says invalid before what follows from it: no address, no gateway', () => {
  const unset = { addresses: [], gateway: null };
  expect(cause({}, { ...unset, invalid: { loopback: true } })).toEqual({
    kind: 'invalid-config',
    port: 'lan',
    loopback: true,
  });
  expect(cause({}, unset)).toEqual({ kind: 'no-address', port: 'lan', family: 4 });
});

it('takes the link of the helper where /sys does not show it, and the newer one of /sys where it does', () => {
  const unseen = { up: false, carrier: null };
  expect(cause(unseen, { carrier: false })).toEqual({ kind: 'no-carrier', port: 'lan' });
  expect(cause(unseen, { up: false, carrier: false })).toEqual({ kind: 'iface-down', port: 'lan' });
  expect(cause({ carrier: false }, {})).toEqual({ kind: 'no-carrier', port: 'lan' });
});

it('tells nothing of a port that the helper does not know', () => {
  const view = { ports: [seen], dns: [], deadGateways: [], invalid: [] };
  expect(withManaged(view, [])).toEqual(view);
});
