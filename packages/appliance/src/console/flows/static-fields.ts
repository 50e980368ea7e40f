import { parseIp } from '@picket/base/ip';
import type { StaticNetwork } from '../../netconf/network-settings.ts';
import { digitsField } from '../fields/digits-field.ts';
import type { Field } from '../fields/field.ts';
import { ipv6Address, optionalIpv6Address } from '../fields/field-specs.ts';
import { ipv4Field } from '../fields/ipv4-field.ts';
import { netmaskField } from '../fields/netmask-field.ts';
import { textField } from '../fields/text-field.ts';
import type { ConsoleState } from '../machine/console-state.ts';
import type { Draft } from '../machine/screen.ts';
import type { FieldStep } from './flow.ts';

/** Zeros in a field of addresses: not set. */
const unset = '0.0.0.0';

/** The fields that a static network of either port has, with the values in force of `now`. */
export function networkFields(state: ConsoleState, port: 'LAN' | 'WAN', now: StaticNetwork | null): FieldStep[] {
  const six = isIpv6Only(state);
  const own = now !== null && familyOf(now.address) === (six ? 6 : 4) ? now : null;
  const address = (key: string, label: string, value: string | undefined, optional = false): FieldStep =>
    addressStep({ key, label: `${port} ${label}`, value: value ?? null, six, optional });
  return [
    address('address', 'IP ADDR', own?.address),
    {
      key: 'prefix',
      label: six ? `${port} PREFIX LEN` : `${port} NETMASK`,
      open: () => (six ? digitsField(own?.prefixLength ?? 64, 3, 1, 128) : netmaskField(own?.prefixLength ?? null)),
    },
    address('gateway', 'GATEWAY', own?.gateway),
    address('dns1', 'DNS1', own?.dns[0]),
    address('dns2', 'DNS2', own?.dns[1], true),
  ];
}

export function addressStep(of: {
  readonly key: string;
  readonly label: string;
  readonly value: string | null;
  readonly six: boolean;
  readonly optional: boolean;
}): FieldStep {
  const open = (): Field => {
    if (!of.six) return ipv4Field(of.value);
    return textField(of.optional ? optionalIpv6Address : ipv6Address, of.value ?? '');
  };
  return { key: of.key, label: of.label, open };
}

/** The static network that was entered. */
export function enteredNetwork(draft: Draft): StaticNetwork {
  return {
    method: 'static',
    address: draft.address ?? unset,
    prefixLength: Number(draft.prefix),
    gateway: draft.gateway ?? unset,
    dns: [draft.dns1 ?? unset, ...entered(draft.dns2)],
  };
}

/** An optional address as a list: empty when it was left at its zeros. */
export function entered(value: string | undefined): string[] {
  return value === undefined || value === '' || value === unset ? [] : [value];
}

export function isIpv6Only(state: ConsoleState): boolean {
  return state.settings?.ipMode === 'ipv6-only';
}

function familyOf(address: string): 4 | 6 | null {
  const parsed = parseIp(address);
  return parsed.ok ? parsed.value.family : null;
}
