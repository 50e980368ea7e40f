import { personalize, platform } from './enrolment-flows.ts';
import type { Flow, FlowId } from './flow.ts';
import { lanDhcp, lanStatic, vlan } from './lan-flows.ts';
import { lanLink, wanLink } from './link-flows.ts';
import { ipMode, reset } from './mode-flows.ts';
import { proxy, proxyOff } from './proxy-flows.ts';
import { reboot, shutdown } from './system-flows.ts';
import { wanDhcp, wanOff, wanStatic } from './wan-flows.ts';

/** Every procedure of the menus. */
export const flows: Readonly<Record<FlowId, Flow>> = {
  'lan-dhcp': lanDhcp,
  vlan,
  'lan-static': lanStatic,
  'wan-dhcp': wanDhcp,
  'wan-static': wanStatic,
  'wan-off': wanOff,
  proxy,
  'proxy-off': proxyOff,
  'ip-mode': ipMode,
  'lan-link': lanLink,
  'wan-link': wanLink,
  reset,
  shutdown,
  reboot,
  personalize,
  platform,
};
