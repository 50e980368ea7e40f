import type { FlowId } from '../flows/flow.ts';
import type { ConsoleState } from './console-state.ts';

export type MenuId = 'main' | 'setup' | 'wan';
export type OptionId =
  | 'setup'
  | 'shutdown'
  | 'reboot'
  | 'personalize'
  | 'platform'
  | 'doctor'
  | 'dhcp'
  | 'vlan'
  | 'static'
  | 'wan'
  | 'proxy'
  | 'proxy-off'
  | 'ip-mode'
  | 'links'
  | 'reset'
  | 'wan-dhcp'
  | 'wan-static'
  | 'wan-off'
  | 'exit';

/** Where an option leads. */
export type Target =
  | { readonly to: 'menu'; readonly menu: MenuId }
  | { readonly to: 'flow'; readonly flow: FlowId }
  | { readonly to: 'doctor' }
  | { readonly to: 'exit' };

export interface Option {
  readonly id: OptionId;
  readonly label: string;
  readonly target: Target;
}

const flow = (id: FlowId): Target => ({ to: 'flow', flow: id });
const exit: Option = { id: 'exit', label: 'EXIT THIS MENU', target: { to: 'exit' } };

/** The options of a menu as the state wants them, top to bottom. There is always one: EXIT THIS MENU. */
export function optionsOf(menu: MenuId, state: ConsoleState): readonly Option[] {
  return menus[menu](state);
}

const menus: Readonly<Record<MenuId, (state: ConsoleState) => readonly Option[]>> = {
  main: (state) => [
    { id: 'setup', label: 'SETUP NETWORK', target: { to: 'menu', menu: 'setup' } },
    { id: 'shutdown', label: 'SYSTEM SHUTDOWN', target: flow('shutdown') },
    { id: 'reboot', label: 'SYSTEM REBOOT', target: flow('reboot') },
    ...when<Option>(mayPersonalize(state), {
      id: 'personalize',
      label: 'PERSONALIZATION CODE',
      target: flow('personalize'),
    }),
    ...when<Option>(notActivated(state), { id: 'platform', label: 'PLATFORM ADDRESS', target: flow('platform') }),
    { id: 'doctor', label: 'NETWORK DOCTOR', target: { to: 'doctor' } },
    exit,
  ],
  setup: (state) => {
    const { settings } = state;
    const chosen = settings?.chosen ?? { dhcp: false, vlan: false };
    const wasStatic = settings?.lan.method === 'static';
    return [
      ...when<Option>(!chosen.vlan, {
        id: 'dhcp',
        label: chosen.dhcp ? 'RENEW DHCP ON LAN' : 'ENABLE DHCP ON LAN',
        target: flow('lan-dhcp'),
      }),
      ...when<Option>(!chosen.dhcp, {
        id: 'vlan',
        label: (settings?.lanVlan ?? 0) > 0 ? 'CHANGE VLAN ON LAN' : 'ENABLE VLAN ON LAN',
        target: flow('vlan'),
      }),
      {
        id: 'static',
        label: wasStatic ? 'CHANGE STATIC IP ON LAN' : 'ENABLE STATIC IP ON LAN',
        target: flow('lan-static'),
      },
      {
        id: 'wan',
        label: settings?.wan ? 'CHANGE WAN INTERFACE' : 'ENABLE WAN INTERFACE',
        target: { to: 'menu', menu: 'wan' },
      },
      {
        id: 'proxy',
        label: settings?.proxy ? 'CHANGE PROXY PARAMS' : 'ENABLE PROXY',
        target: flow('proxy'),
      },
      ...when<Option>(Boolean(settings?.proxy), {
        id: 'proxy-off',
        label: 'DISABLE PROXY',
        target: flow('proxy-off'),
      }),
      {
        id: 'ip-mode',
        label: settings?.ipMode === 'ipv6-only' ? 'ENABLE IPV4+V6 MODE' : 'ENABLE IPV6-ONLY MODE',
        target: flow('ip-mode'),
      },
      { id: 'links', label: 'ETHERNET PORT SETTINGS', target: flow('lan-link') },
      { id: 'reset', label: 'RESET NETWORK CONFIG', target: flow('reset') },
      exit,
    ];
  },
  wan: ({ settings }) => [
    {
      id: 'wan-dhcp',
      label: settings?.wan?.method === 'dhcp' ? 'RENEW DHCP ON WAN' : 'ENABLE DHCP ON WAN',
      target: flow('wan-dhcp'),
    },
    {
      id: 'wan-static',
      label: settings?.wan?.method === 'static' ? 'CHANGE STATIC IP ON WAN' : 'ENABLE STATIC IP ON WAN',
      target: flow('wan-static'),
    },
    ...when<Option>(Boolean(settings?.wan), {
      id: 'wan-off',
      label: 'DISABLE WAN INTERFACE',
      target: flow('wan-off'),
    }),
    exit,
  ],
};

function notActivated({ status }: ConsoleState): boolean {
  return status !== null && status.name === null;
}

function mayPersonalize(state: ConsoleState): boolean {
  return state.status?.kind !== 'physical' && notActivated(state);
}

function when<T>(condition: boolean, item: T): readonly T[] {
  return condition ? [item] : [];
}
