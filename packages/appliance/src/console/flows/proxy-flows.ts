import type { ConsoleSettings } from '../../local/console-settings.ts';
import { hostOrIpv4, hostOrIpv6, port, proxyPassword, proxyUser } from '../fields/field-specs.ts';
import { keepStored, textField } from '../fields/text-field.ts';
import type { ConsoleState } from '../machine/console-state.ts';
import type { Draft } from '../machine/screen.ts';
import { applyChange } from './apply.ts';
import { type Flow, plainFlow } from './flow.ts';
import { isIpv6Only } from './static-fields.ts';

/** `ENABLE PROXY` and `CHANGE PROXY PARAMS`. */
export const proxy: Flow = {
  ...plainFlow,
  from: { menu: 'setup', option: 'proxy' },
  ups: 2,
  intro: 'CONFIG PROXY PARAMETERS',
  fields: (state) => {
    const now = state.settings?.proxy ?? null;
    const host = isIpv6Only(state) ? hostOrIpv6 : hostOrIpv4;
    return [
      { key: 'host', label: 'PROXY HOST', open: () => textField(host, now?.host ?? gatewayOf(state) ?? '') },
      {
        key: 'port',
        label: 'PROXY PORT:',
        open: () => textField(port, String(now?.port ?? 443).padStart(4, '0')),
      },
      { key: 'user', label: 'PROXY USER:', open: () => textField(proxyUser, now?.user ?? '') },
      {
        key: 'password',
        label: 'PROXY PASSW',
        open: () => textField(proxyPassword, '', now !== null && now.password.is !== 'none'),
      },
    ];
  },
  question: () => 'REALLY ENABLE PROXY?',
  working: 'ENABLING PROXY SUPPORT',
  effect: (state, draft) =>
    applyChange(state, 'proxy-enabled', (settings) => ({ proxy: enteredProxy(settings, draft) })),
};

/** `DISABLE PROXY`. */
export const proxyOff: Flow = {
  ...plainFlow,
  from: { menu: 'setup', option: 'proxy-off' },
  ups: 2,
  question: () => 'REALLY DISABLE PROXY?',
  working: 'DISABLING PROXY SUPPORT',
  effect: (state) => applyChange(state, 'proxy-disabled', () => ({ proxy: null })),
};

function enteredProxy(settings: ConsoleSettings, draft: Draft): ConsoleSettings['proxy'] {
  const { host = '', user = '', password = '' } = draft;
  const kept = settings.proxy?.password ?? ({ is: 'none' } as const);
  const entered = password === '' ? ({ is: 'none' } as const) : ({ is: 'typed', value: password } as const);
  return {
    host,
    port: Number(draft.port),
    user: user === '' ? null : user,
    password: password === keepStored ? kept : entered,
  };
}

/** The gateway of the port that the proxy is reached by: WAN's under split network. */
function gatewayOf({ settings, status }: ConsoleState): string | null {
  const name = settings?.wan ? 'wan' : 'lan';
  const configured = settings?.[name];
  if (configured?.method === 'static') return configured.gateway;
  return status?.ports.find((each) => each.port === name)?.gateway ?? null;
}
