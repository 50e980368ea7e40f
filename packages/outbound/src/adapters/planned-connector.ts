import type { Clock } from '@picket/base/clock';
import type { Random } from '@picket/base/random';
import { err, type Result } from '@picket/base/result';
import { authorityOf, type Connector, type Destination, type OpenedStream } from '../connector.ts';
import { type OutboundFailure, plainFailure } from '../failure.ts';
import { pacWays, usableWays } from '../proxy/pac-result.ts';
import type { PacEvaluator } from '../proxy/pac-script.ts';
import { isExcepted, type ProxyPlan } from '../proxy/proxy-plan.ts';
import type { ProxySettings } from '../proxy/proxy-settings.ts';
import { directConnector } from './direct-connector.ts';
import { pacThread } from './pac-thread.ts';
import { proxyConnector } from './proxy-connector.ts';

export interface PlannedConnectorDeps {
  readonly random: Random;
  readonly clock: Clock;
  /** Connections of the plan's own; default: real ones. */
  readonly direct?: Connector;
  readonly pac?: PacEvaluator;
  /** Who may vouch for a proxy that speaks TLS itself (PEM); null: the public authorities. */
  readonly proxyCa?: string | null;
}

/** Connections as the plan has them: without a proxy only where it says so. */
export function plannedConnector(plan: ProxyPlan, deps: PlannedConnectorDeps): Connector {
  const direct = deps.direct ?? directConnector();
  const pac = deps.pac ?? pacThread();
  const proxies = new Map<string, Connector>();
  const through = (proxy: ProxySettings) => {
    const key = `${proxy.tls} ${authorityOf(proxy)}`;
    const known = proxies.get(key) ?? proxyConnector({ proxy, ...deps });
    proxies.set(key, known);
    return known;
  };
  return {
    open: async (destination, signal) => {
      if (plan.kind === 'direct' || isExcepted(plan, destination)) return direct.open(destination, signal);
      if (plan.kind === 'proxy') return through(plan.proxy).open(destination, signal);
      const ways = await waysOf(plan.script, destination, pac, signal);
      if (!ways.ok) return ways;
      let outcome: Result<OpenedStream, OutboundFailure> | null = null;
      for (const way of ways.value) {
        if (way.kind === 'direct') return direct.open(destination, signal);
        if (way.kind === 'skipped') continue;
        outcome = await through({ ...way, auth: plan.auth, login: plan.login }).open(destination, signal);
        if (outcome.ok || outcome.error.kind === 'cancelled') return outcome;
      }
      return outcome ?? err(noWay(destination, 'it names no way'));
    },
  };
}

async function waysOf(script: string, destination: Destination, pac: PacEvaluator, signal: AbortSignal) {
  const found = await pac.find(script, `https://${authorityOf(destination)}/`, destination.host, signal);
  if (signal.aborted) return err(plainFailure(destination.host, 'cancelled', 'aborted'));
  if (!found.ok) return err(noWay(destination, found.error));
  const ways = pacWays(found.value);
  const usable = usableWays(ways);
  if (usable.length > 0) return { ok: true, value: usable } as const;
  const names = ways.flatMap((way) => (way.kind === 'skipped' ? [way.name] : []));
  return err(noWay(destination, `${[...new Set(names)].join(', ')} is not supported`));
}

function noWay({ host }: Destination, detail: string): OutboundFailure {
  return {
    kind: 'proxy-connect-timeout',
    message: `${host}: the PAC file leads nowhere (${detail}).`,
    hint: 'Correct the PAC file: it must name an HTTP proxy (PROXY host:port), or DIRECT.',
    detail: `PAC: ${detail}`,
    maybeDelivered: false,
    proxy: { status: null, ntlm: false },
  };
}
