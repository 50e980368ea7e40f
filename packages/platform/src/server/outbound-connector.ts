import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { Clock } from '@picket/base/clock';
import type { Random } from '@picket/base/random';
import { err, ok, type Result } from '@picket/base/result';
import type { Connector, Destination } from '@picket/outbound/connector';
import { directConnector } from '@picket/outbound/adapters/direct-connector';
import { proxyConnector } from '@picket/outbound/adapters/proxy-connector';
import { classifyError, type OutboundFailure, plainFailure } from '@picket/outbound/failure';
import { exceptsHost } from '@picket/outbound/proxy/no-proxy';
import { parseProxyUrl } from '@picket/outbound/proxy/proxy-url';
import type { PlatformConfig } from './config.ts';
import { forbiddenAddress } from './forbidden-address.ts';

/** Name and connection each, milliseconds. */
const timeoutMs = 10_000;

/** Addresses of a name, as the system resolves it. */
export type Resolve = (host: string) => Promise<readonly string[]>;

const systemResolve: Resolve = async (host) => (await lookup(host, { all: true })).map(({ address }) => address);

export interface OutboundOptions {
  /** This machine's own addresses may be asked for. */
  readonly allowOwnMachine: boolean;
  readonly resolve?: Resolve;
}

/**
 * Connections of the platform to where people point it (webhooks, mail, the identity provider): through its proxy where one is configured, and never to an
 * address that only this machine or its link can mean. The name is resolved once and the connection goes to what was judged.
 */
export function outboundConnector(
  config: Pick<PlatformConfig, 'outboundProxy' | 'outboundNoProxy'>,
  deps: { readonly clock: Clock; readonly random: Random },
  options: OutboundOptions,
): Connector {
  const direct = directConnector(timeoutMs);
  const url = config.outboundProxy;
  const parsed = url === null ? null : parseProxyUrl(url.reveal());
  const through = parsed?.ok ? proxyConnector({ proxy: parsed.value, ...deps }) : null;
  return {
    open: async (destination, signal) => {
      if (parsed && !parsed.ok) return err(plainFailure(destination.host, 'unreachable', parsed.error));
      const proxied = through !== null && !exceptsHost(config.outboundNoProxy, destination.host);
      const judged = await judgedAddress(destination, options, proxied, signal);
      if (!judged.ok) return judged;
      if (proxied) return through.open(destination, signal);
      return direct.open({ host: judged.value, port: destination.port }, signal);
    },
  };
}

/** The address to connect to. Behind a proxy a name that only the proxy can resolve is the proxy's to judge. */
async function judgedAddress(
  { host }: Destination,
  { allowOwnMachine, resolve = systemResolve }: OutboundOptions,
  proxied: boolean,
  signal: AbortSignal,
): Promise<Result<string, OutboundFailure>> {
  let addresses: readonly string[];
  try {
    addresses = isIP(host) === 0 ? await within(resolve(host), signal) : [host];
  } catch (error) {
    if (signal.aborted) return err(plainFailure(host, 'cancelled', 'aborted'));
    return proxied && host.includes('.') ? ok(host) : err(classifyError(host, 'connect', error));
  }
  const verdicts = addresses.map(forbiddenAddress);
  const refused = verdicts.some((verdict) => verdict === 'never' || (verdict === 'own' && !allowOwnMachine));
  const [first] = addresses;
  if (refused || first === undefined) return err(refusedFailure(host));
  return ok(first);
}

function refusedFailure(host: string): OutboundFailure {
  return {
    kind: 'unreachable',
    message: `${host}: the platform does not connect to its own machine, its link or a metadata service.`,
    hint: 'Name a host elsewhere. For a receiver or an identity provider on this machine an operator sets localReceivers to true.',
    detail: 'forbidden address',
    maybeDelivered: false,
  };
}

function within<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    const onAbort = () => reject(Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' }));
    deadline.addEventListener('abort', onAbort, { once: true });
    if (deadline.aborted) onAbort();
    work.then(resolve, reject).finally(() => deadline.removeEventListener('abort', onAbort));
  });
}
