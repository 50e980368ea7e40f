import { connect } from 'node:net';
import { describeError } from '@picket/base/error';
import { err, ok, type Result } from '@picket/base/result';
import { z } from 'zod';
import { type ConsoleSettings, consoleSettings } from '../../local/console-settings.ts';
import { lineChannel } from '../../local/line-channel.ts';
import { helperWorking } from '../../netconf/helper-messages.ts';
import { networkSettings } from '../../netconf/network-settings.ts';
import type { ProxySource } from '../console/proxy-source.ts';
import type { HelperView, ManagedPort, NetworkHelper } from '../console/network-helper.ts';
import type { ScanNetworkHelper, ScanNetworkState } from '../scan-network/scan-network-helper.ts';

/** A helper that says nothing for so long is given up, milliseconds; one that works says so every 15 s. */
const silenceMs = 60_000;
const maxLineBytes = 262_144;

/** On this wire a stored password is the word for it, in both directions. */
const storedPassword = z.strictObject({ stored: z.literal(true) });
const portState = z.object({
  up: z.boolean(),
  carrier: z.boolean(),
  addresses: z.array(z.string().max(49)),
  gateway: z.string().max(45).nullable(),
  trouble: z.array(z.object({ invalidConfiguration: z.boolean(), loopback: z.boolean() })),
});
const helperAnswer = z.discriminatedUnion('type', [
  helperWorking,
  z.object({ id: z.number(), type: z.literal('applied') }),
  z.object({ id: z.number(), type: z.literal('refused'), message: z.string().max(2048) }),
  z.object({
    id: z.number(),
    type: z.literal('facts'),
    facts: z.object({
      scanNetwork: z.object({
        generation: z.number(),
        unconfirmed: z.boolean(),
        refusedGeneration: z.number().nullable(),
        trouble: z.array(z.object({ vlan: z.number(), message: z.string() })).max(50),
      }),
      failures: z.array(z.string()).max(50),
    }),
  }),
  z.object({ id: z.number(), type: z.literal('proxy'), proxy: networkSettings.shape.proxy }),
  z.object({
    id: z.number(),
    type: z.literal('network'),
    settings: z.looseObject({ proxy: z.looseObject({ password: storedPassword.nullable() }).nullable() }),
    ports: z.object({ lan: z.string(), wan: z.string().nullable() }),
    state: z.object({ lan: portState, wan: portState.nullable() }).nullable(),
  }),
]);
type HelperAnswer = Exclude<z.infer<typeof helperAnswer>, { type: 'working' }>;

/** The network helper behind its Unix socket: one connection and one JSON line each way a request. */
export function helperSocket(path: string): NetworkHelper & ScanNetworkHelper & ProxySource {
  const done = async (
    request: object,
    onWorking: (message: string) => void = () => {},
  ): Promise<Result<null, string>> => {
    const answer = await ask(path, request, { onWorking });
    if (!answer.ok) return answer;
    if (answer.value.type === 'refused') return err(answer.value.message.slice(0, 500));
    return ok(null);
  };
  return {
    view: async () => {
      const answer = await ask(path, { type: 'get' }, 'do-not-wait');
      return answer.ok ? viewOf(answer.value) : answer;
    },
    apply: (settings) => done({ type: 'apply', settings: toWire(settings) }),
    renew: (port) => done({ type: 'renew', port }),
    setLink: (port, mode) => done({ type: 'set-link', port, mode }),
    reset: () => done({ type: 'reset' }),
    power: (what) => done({ type: what }),
    proxy: async () => {
      const answer = await ask(path, { type: 'proxy' }, 'do-not-wait');
      if (!answer.ok) return answer;
      if (answer.value.type === 'proxy') return ok(answer.value.proxy);
      return err('The network helper gave another answer than was asked for.');
    },
    state: async () => {
      const answer = await ask(path, { type: 'facts' }, 'do-not-wait');
      if (!answer.ok) return answer;
      if (answer.value.type === 'facts') return ok(stateOf(answer.value.facts));
      return err('The network helper gave another answer than was asked for.');
    },
    offer: (document, confirmWithinSeconds, onWorking) =>
      done({ type: 'scan-network', document, confirmWithinSeconds }, onWorking),
    confirm: (generation) => done({ type: 'confirm', generation }),
  };
}

function stateOf({ scanNetwork, failures }: Extract<HelperAnswer, { type: 'facts' }>['facts']): ScanNetworkState {
  const { trouble, ...state } = scanNetwork;
  return { ...state, trouble: [...failures, ...trouble.map(({ vlan, message }) => `VLAN ${vlan}: ${message}`)] };
}

function toWire({ proxy, ...settings }: ConsoleSettings): object {
  if (proxy === null) return { ...settings, proxy };
  const { password } = proxy;
  const wire = { none: null, stored: { stored: true }, typed: password.is === 'typed' ? password.value : null };
  return { ...settings, proxy: { ...proxy, password: wire[password.is] } };
}

function viewOf(answer: HelperAnswer): Result<HelperView, string> {
  if (answer.type !== 'network') return err('The network helper gave another answer than was asked for.');
  const { proxy, ...settings } = answer.settings;
  const parsed = consoleSettings.safeParse({
    ...settings,
    proxy: proxy === null ? null : { ...proxy, password: { is: proxy.password === null ? 'none' : 'stored' } },
  });
  return parsed.success
    ? ok({ settings: parsed.data, devices: answer.ports, ports: portsOf(answer.state) })
    : err('The settings of the network helper can not be read.');
}

function portsOf(state: Extract<HelperAnswer, { type: 'network' }>['state']): ManagedPort[] {
  return (['lan', 'wan'] as const).flatMap((name) => {
    const port = state?.[name] ?? null;
    if (port === null) return [];
    const { up, carrier, gateway, trouble } = port;
    const invalid = trouble.find(({ invalidConfiguration }) => invalidConfiguration);
    const addresses = port.addresses.slice(0, 16);
    return [{ port: name, up, carrier, addresses, gateway, invalid: invalid ? { loopback: invalid.loopback } : null }];
  });
}

/** `do-not-wait`: a helper that is at something else for long is told of as an error. */
type Patience = { readonly onWorking: (message: string) => void } | 'do-not-wait';

function ask(path: string, request: object, patience: Patience): Promise<Result<HelperAnswer, string>> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const late = () => settle(err('The network helper did not answer in time.'));
    const timer = setTimeout(late, silenceMs);
    const settle = (result: Result<HelperAnswer, string>) => {
      clearTimeout(timer);
      resolve(result);
      channel.close();
    };
    const working = (message: string) => {
      if (patience === 'do-not-wait') return settle(err(`The network helper is still at work: ${message}.`));
      timer.refresh();
      patience.onWorking(message);
    };
    const channel = lineChannel(socket, {
      maxLineBytes,
      onMessage: (message) => {
        const parsed = helperAnswer.safeParse(message);
        if (!parsed.success) settle(err('The answer of the network helper can not be read.'));
        else if (parsed.data.type === 'working') working(parsed.data.message);
        else settle(ok(parsed.data));
      },
      onEnd: (reason) => settle(err(`The network helper can not be reached: ${describeError(reason)}.`)),
    });
    socket.once('connect', () => channel.send({ id: 1, progress: true, ...request }));
  });
}
