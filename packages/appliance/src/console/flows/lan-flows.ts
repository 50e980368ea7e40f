import { digitsField } from '../fields/digits-field.ts';
import { domainName } from '../fields/field-specs.ts';
import { textField } from '../fields/text-field.ts';
import { applyChange } from './apply.ts';
import { type Flow, plainFlow } from './flow.ts';
import { sharesSubnet } from './one-subnet.ts';
import { addressStep, entered, enteredNetwork, isIpv6Only, networkFields } from './static-fields.ts';

/** `ENABLE DHCP ON LAN`. Chosen explicitly, it hides the option for VLANs. */
export const lanDhcp: Flow = {
  ...plainFlow,
  from: { menu: 'setup', option: 'dhcp' },
  question: () => 'REALLY ENABLE DHCP ON LAN?',
  working: 'ENABLING DHCP ON LAN',
  effect: (state) =>
    applyChange(state, 'lan-dhcp', () => ({ lan: { method: 'dhcp' }, chosen: { dhcp: true, vlan: false } })),
};

/** `ENABLE VLAN ON LAN`. LAN keeps DHCP or static as it was; `0000` disables and brings the option for DHCP back. */
export const vlan: Flow = {
  ...plainFlow,
  from: { menu: 'setup', option: 'vlan' },
  fields: ({ settings }) => [
    { key: 'vlan', label: 'VLAN 0-4094', open: () => digitsField(settings?.lanVlan ?? 0, 4, 0, 4094) },
  ],
  question: (_, { vlan: tag }) => (tag === '0' ? 'REALLY DISABLE VLAN ON LAN?' : `REALLY SET VLAN ${tag} ON LAN?`),
  working: 'CONFIGURING VLAN ON LAN',
  effect: (state, draft) =>
    applyChange(state, 'vlan', ({ chosen }) => {
      const tag = Number(draft.vlan);
      return { lanVlan: tag, chosen: { dhcp: tag === 0 && chosen.dhcp, vlan: tag > 0 } };
    }),
};

/** `ENABLE STATIC IP ON LAN`. It brings the option for VLANs back. */
export const lanStatic: Flow = {
  ...plainFlow,
  from: { menu: 'setup', option: 'static' },
  intro: 'CFG LAN STATIC NETWORK PARAMS?',
  fields: (state) => {
    const now = state.settings?.lan.method === 'static' ? state.settings.lan : null;
    const six = isIpv6Only(state);
    const wins = (number: 1 | 2) => {
      const value = now?.wins[number - 1] ?? null;
      const fits = value !== null && value.includes(':') === six;
      return addressStep({
        key: `wins${number}`,
        label: `LAN WINS${number}`,
        value: fits ? value : null,
        six,
        optional: true,
      });
    };
    return [
      ...networkFields(state, 'LAN', now),
      wins(1),
      wins(2),
      { key: 'domain', label: 'DOMAIN NAME', open: () => textField(domainName, now?.domain ?? '') },
    ];
  },
  question: () => 'REALLY SET LAN STATIC NETWORK?',
  refuse: (state, draft) => {
    const { address, prefixLength } = enteredNetwork(draft);
    return sharesSubnet(state, 'wan', address, prefixLength) ? 'SAME SUBNET AS WAN' : null;
  },
  working: 'CONFIGURING LAN STATIC NETWORK',
  effect: (state, draft) =>
    applyChange(state, 'lan-static', ({ chosen }) => ({
      lan: {
        ...enteredNetwork(draft),
        wins: [...entered(draft.wins1), ...entered(draft.wins2)],
        domain: draft.domain === undefined || draft.domain === '' ? null : draft.domain,
      },
      chosen: { ...chosen, dhcp: false },
    })),
};
