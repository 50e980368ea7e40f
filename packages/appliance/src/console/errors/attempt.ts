/**
 * What an attempt to connect comes after. It decides the code that `NETWORK ERR` shows when it fails (spec section 7).
 *
 * - `in-force`: with the settings in force, by itself or asked for. `boot`: with the configuration found at boot.
 * - `activation`: ENTER on the activation screen. All others: after that change was saved at the console.
 */
export const attempts = [
  'in-force',
  'boot',
  'activation',
  'lan-dhcp',
  'lan-static',
  'vlan',
  'wan-dhcp',
  'wan-static',
  'wan-disabled',
  'proxy-enabled',
  'proxy-disabled',
  'ip-mode',
  'reset',
] as const;
export type Attempt = (typeof attempts)[number];
