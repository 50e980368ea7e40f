import { applyChange } from './apply.ts';
import { type Flow, plainFlow } from './flow.ts';
import { sharesSubnet } from './one-subnet.ts';
import { enteredNetwork, networkFields } from './static-fields.ts';

/** `ENABLE DHCP ON WAN`: split network from then on. */
export const wanDhcp: Flow = {
  ...plainFlow,
  from: { menu: 'wan', option: 'wan-dhcp' },
  ups: 2,
  question: () => 'REALLY ENABLE DHCP ON WAN?',
  working: 'ENABLING DHCP ON WAN',
  effect: (state) => applyChange(state, 'wan-dhcp', () => ({ wan: { method: 'dhcp' } })),
};

/** `ENABLE STATIC IP ON WAN`. */
export const wanStatic: Flow = {
  ...plainFlow,
  from: { menu: 'wan', option: 'wan-static' },
  intro: 'CFG WAN STATIC NETWORK PARAMS?',
  fields: (state) => networkFields(state, 'WAN', state.settings?.wan?.method === 'static' ? state.settings.wan : null),
  question: () => 'REALLY SET WAN STATIC NETWORK?',
  refuse: (state, draft) => {
    const { address, prefixLength } = enteredNetwork(draft);
    return sharesSubnet(state, 'lan', address, prefixLength) ? 'SAME SUBNET AS LAN' : null;
  },
  working: 'CONFIGURING WAN STATIC NETWORK',
  effect: (state, draft) => applyChange(state, 'wan-static', () => ({ wan: enteredNetwork(draft) })),
};

/** `DISABLE WAN INTERFACE`: LAN carries all again. */
export const wanOff: Flow = {
  ...plainFlow,
  from: { menu: 'wan', option: 'wan-off' },
  question: () => 'REALLY DISABLE WAN INTERFACE?',
  working: 'DISABLING WAN INTERFACE',
  effect: (state) => applyChange(state, 'wan-disabled', () => ({ wan: null })),
};
