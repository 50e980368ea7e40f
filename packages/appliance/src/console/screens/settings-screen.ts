import type { ConsoleSettings } from '../../local/console-settings.ts';
import type { PortStatus } from '../../local/console-status.ts';
import { maskText } from '../fields/netmask-field.ts';
import { linkModeTexts } from '../flows/link-flows.ts';
import { type ConsoleState, show } from '../machine/console-state.ts';
import type { Screen } from '../machine/screen.ts';
import { displayWidth, type Face } from './face.ts';
import { openMenu } from './navigate.ts';

/** A setting with its value, as one page of the settings view. */
export type SettingsPage = readonly [string, string];

/** The settings in force, one a page: RIGHT in the main menu of a virtual appliance, LEFT back. */
export function settingsFace(state: ConsoleState, screen: Extract<Screen, { kind: 'settings' }>): Face {
  const pages = settingsPages(state);
  const page = pages[screen.page] ?? (['NO SETTINGS', ''] as const);
  const turn = (steps: 1 | -1) => () => show(state, { ...screen, page: screen.page + steps });
  return {
    lines: [page[0], page[1].slice(0, displayWidth)],
    on: {
      left: () => openMenu(state, 'main'),
      escape: () => openMenu(state, 'main'),
      ...(screen.page > 0 ? { up: turn(-1) } : {}),
      ...(screen.page < pages.length - 1 ? { down: turn(1) } : {}),
    },
    help: 'UP and DOWN turn pages, LEFT goes back.',
    detail: page[1].length > displayWidth ? page[1] : null,
  };
}

export function settingsPages(state: ConsoleState): readonly SettingsPage[] {
  const { settings, status } = state;
  const port = (name: 'lan' | 'wan') => status?.ports.find((each) => each.port === name);
  const pages: SettingsPage[] = [];
  if (settings !== null) pages.push(['IP MODE', settings.ipMode === 'ipv6-only' ? 'IPv6 only' : 'IPv4+v6']);
  pages.push(...portPages('LAN', settings?.lan ?? null, port('lan')));
  if (settings !== null && settings.lanVlan > 0) pages.push(['LAN VLAN', String(settings.lanVlan)]);
  if (settings?.wan) pages.push(...portPages('WAN', settings.wan, port('wan')));
  for (const server of status?.dns ?? []) pages.push(['DNS SERVER', server]);
  if (settings !== null) {
    pages.push(['PROXY', settings.proxy === null ? 'none' : `${settings.proxy.host}:${settings.proxy.port}`]);
    pages.push(['LAN PORT LINK', linkModeTexts[settings.links.lan]]);
  }
  if (status?.platform) pages.push(['PLATFORM', status.platform.replace('https://', '')]);
  return pages;
}

function portPages(
  name: string,
  configured: ConsoleSettings['lan'] | ConsoleSettings['wan'],
  now: PortStatus | undefined,
): SettingsPage[] {
  const method =
    configured === null ? [] : [[`${name} METHOD`, configured.method === 'dhcp' ? 'DHCP' : 'static'] as const];
  const addresses = (now?.addresses ?? []).flatMap((text): SettingsPage[] => {
    const [address = '', prefix = ''] = text.split('/');
    if (address.includes(':')) return [[`${name} IPV6`, text]];
    return [
      [`${name} IP ADDR`, address],
      [`${name} NETMASK`, maskText(Number(prefix))],
    ];
  });
  const gateway: SettingsPage[] = now?.gateway ? [[`${name} GATEWAY`, now.gateway]] : [];
  const mac: SettingsPage[] = now?.mac ? [[`${name} MAC`, now.mac]] : [];
  return [...method, ...addresses, ...gateway, ...mac];
}
