import { applyChange } from './apply.ts';
import { type Flow, plainFlow } from './flow.ts';
import { isIpv6Only } from './static-fields.ts';

/**
 * `ENABLE IPV6-ONLY MODE` and back. Static addresses are of one family, so a port that has them goes over to automatic configuration; the
 * proxy stays.
 */
export const ipMode: Flow = {
  ...plainFlow,
  from: { menu: 'setup', option: 'ip-mode' },
  question: (state) => (isIpv6Only(state) ? 'REALLY ENABLE IPV4+V6 MODE?' : 'REALLY ENABLE IPV6-ONLY MODE?'),
  working: 'CHANGING IP MODE',
  effect: (state) =>
    applyChange(state, 'ip-mode', (settings) => ({
      ipMode: settings.ipMode === 'ipv6-only' ? 'ipv4-and-ipv6' : 'ipv6-only',
      lan: { method: 'dhcp' },
      wan: settings.wan === null ? null : { method: 'dhcp' },
    })),
};

/** `RESET NETWORK CONFIG`: only what was entered at the console; activation and the platform's settings stay. */
export const reset: Flow = {
  ...plainFlow,
  from: { menu: 'setup', option: 'reset' },
  question: () => 'REALLY RESET NETWORK CONFIG?',
  working: 'RESETTING NETWORK CONFIG',
  effect: () => ({ type: 'reset' }),
};
