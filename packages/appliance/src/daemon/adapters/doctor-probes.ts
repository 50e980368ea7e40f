import { lookup, Resolver } from 'node:dns/promises';
import { describeError } from '@picket/base/error';
import { openTls } from '@picket/outbound/adapters/tls-stream';
import { originOf } from '@picket/outbound/origin';
import type { Connector, Destination } from '@picket/outbound/connector';
import type { OutboundFailure } from '@picket/outbound/failure';
import type { ServiceView } from '../console/console-service.ts';
import { failureCause } from '../network/failure-cause.ts';
import type { NetworkWatch } from '../network/network-view.ts';
import { failureOf } from '../status-board.ts';
import { type DoctorProbes, type Finding, unresolved } from '../doctor/examine.ts';
import { type ProbeTools, serviceProbes, trustOf } from './doctor-service-probes.ts';

export interface ProbeTarget {
  /** Origin of the platform, `https://host:port`; null: not known yet. */
  readonly origin: string | null;
  /** The connector leads through a proxy. */
  readonly hasProxy: boolean;
  readonly family: 4 | 6;
  /** What the daemon trusts and signs with on the way there; null: no daemon runs. */
  readonly link: ServiceView['link'];
  readonly devices: { readonly lan: string | null; readonly wan: string | null };
}

/** Every step has this long, milliseconds. */
const stepMs = 5000;
/** A proxy resolves and connects while we wait: both steps that it has a part in have longer, and the connector's own limit comes first. */
const proxyMs = 20_000;

/**
 * The network doctor's instruments on a real machine: looks, asks and connects, changes nothing. `connector` is the one that the daemon's
 * own connections use: with a proxy it logs in.
 */
export function doctorProbes(target: ProbeTarget, watch: NetworkWatch, tools: ProbeTools): DoctorProbes {
  const { connector } = tools;
  const look = () => watch.look(target.devices);
  return {
    look,
    resolve: async (host, view) => {
      const found = await lookup(host).catch((error: unknown) => error);
      if (!(found instanceof Error) && isAddress(found))
        return { outcome: 'ok', detail: `${host} is ${found.address}` };
      // The system's resolver does not say whether anybody answered.
      const resolver = new Resolver({ timeout: 1500, tries: 2 });
      const code = await resolver.resolve4(host).then(
        () => 'resolved, but not by the system',
        (error: unknown) => codeOf(error),
      );
      return unresolved(view, !/TIMEOUT|REFUSED|CANCELLED/.test(code), `${host}: ${code}`);
    },
    proxy: () => openTunnel(target, watch, connector),
    platform: () => openPlatform(target, watch, connector),
    ...serviceProbes(target, tools),
  };
}

async function openTunnel(target: ProbeTarget, watch: NetworkWatch, connector: Connector): Promise<Finding> {
  const { hasProxy } = target;
  const platform = placeOf(target);
  if (!hasProxy || platform === null) return { outcome: 'not-used', detail: '' };
  const opened = await connector.open(platform, AbortSignal.timeout(proxyMs));
  if (!opened.ok) return failed(opened.error, target, watch);
  opened.value.stream.destroy();
  const { via } = opened.value;
  if (via === null) return { outcome: 'not-used', detail: 'the platform is excepted from the proxy' };
  return { outcome: 'ok', detail: `${via} opens a tunnel to the platform` };
}

async function openPlatform(target: ProbeTarget, watch: NetworkWatch, connector: Connector): Promise<Finding> {
  const { hasProxy } = target;
  const platform = placeOf(target);
  if (platform === null) return { outcome: 'not-tested', detail: 'the platform is not known yet' };
  const opened = await openTls({
    destination: platform,
    connector,
    trust: await trustOf(target),
    signal: AbortSignal.timeout(hasProxy ? proxyMs : 2 * stepMs),
    handshakeTimeoutMs: stepMs,
  });
  if (!opened.ok) return failed(opened.error, target, watch);
  opened.value.destroy();
  return { outcome: 'ok', detail: `${platform.host}:${platform.port}, certificate verified` };
}

async function failed(failure: OutboundFailure, target: ProbeTarget, watch: NetworkWatch): Promise<Finding> {
  const detail = failure.message.slice(0, 200);
  // Only our own time can have been over.
  if (failure.kind === 'cancelled' && target.hasProxy)
    return { outcome: 'failed', detail: 'no answer in time', cause: { kind: 'proxy-timeout', ntlm: false } };
  const view = await watch.look(target.devices);
  return { outcome: 'failed', detail, cause: failureCause(failureOf(failure), view, target.family) };
}

const placeOf = ({ origin }: ProbeTarget): Destination | null => (origin === null ? null : originOf(origin));

function isAddress(value: unknown): value is { address: string } {
  return typeof value === 'object' && value !== null && 'address' in value;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : describeError(error);
}
