import type { Clock } from '@picket/base/clock';
import type { Random } from '@picket/base/random';
import { err, ok, type Result } from '@picket/base/result';
import { Secret } from '@picket/base/secret';
import { plannedConnector } from '@picket/outbound/adapters/planned-connector';
import type { Connector, Destination, OpenedStream } from '@picket/outbound/connector';
import { type OutboundFailure, plainFailure } from '@picket/outbound/failure';
import { isExcepted, type ProxyPlan } from '@picket/outbound/proxy/proxy-plan';
import type { ProxySettings } from '../netconf/network-settings.ts';
import type { ProxySource } from './console/proxy-source.ts';

export interface PlatformRouteDeps {
  readonly clock: Clock;
  readonly random: Random;
  /** The proxy that is set at the console: it alone counts where there is a console that can set one. Null: there is none. */
  readonly source: ProxySource | null;
  /** As this process was configured; counts without a source. */
  readonly plan: ProxyPlan;
  /** Who may vouch for a proxy that speaks TLS itself (PEM). */
  readonly proxyCa: string | null;
}

/** After so long the source is asked again, beside the connection that is opened, milliseconds. The console says when it changes (`forget`). */
const freshMs = 30_000;

/**
 * The way that every connection to the platform takes: enrolment, polls, uploads, the certificate authority, the network doctor. While the settings
 * can't be read, those read last are kept; before they were ever read there is no connection at all, for it might go around a proxy.
 */
export class PlatformRoute implements Connector {
  readonly #deps: PlatformRouteDeps;
  #current: { readonly key: string; readonly plan: ProxyPlan; readonly connector: Connector } | null = null;
  #readAt = 0;
  /** Grows with each `forget`; what was read, in its time. */
  #generation = 0;
  #known = -1;
  #refreshing = false;

  constructor(deps: PlatformRouteDeps) {
    this.#deps = deps;
  }

  async open(destination: Destination, signal: AbortSignal): Promise<Result<OpenedStream, OutboundFailure>> {
    const current = await this.#settled();
    if (!current.ok) return err(plainFailure(destination.host, 'unreachable', current.error));
    return current.value.connector.open(destination, signal);
  }

  /** The settings may have changed: the next connection reads them again. */
  forget(): void {
    this.#generation += 1;
  }

  /** Whether a proxy is set for this destination, as far as it can be known; null: for any. */
  async hasProxy(destination: Destination | null): Promise<boolean> {
    const current = await this.#settled();
    if (!current.ok || current.value.plan.kind === 'direct') return false;
    return destination === null || !isExcepted(current.value.plan, destination);
  }

  async #settled() {
    const current = this.#current;
    if (current === null || this.#known !== this.#generation) return this.#refresh();
    // The helper may be at work for a while: nobody waits for it only because time went by.
    const isOld = this.#deps.clock.monotonic() - this.#readAt >= freshMs;
    if (isOld && !this.#refreshing) void this.#refresh();
    return ok(current);
  }

  async #refresh() {
    const generation = this.#generation;
    this.#refreshing = true;
    const plan = await this.#read();
    this.#refreshing = false;
    if (!plan.ok) return this.#current === null ? plan : ok(this.#current);
    this.#known = generation;
    this.#readAt = this.#deps.clock.monotonic();
    const key = keyOf(plan.value);
    // A connector knows how to log in from one time to the next.
    if (this.#current?.key !== key)
      this.#current = { key, plan: plan.value, connector: plannedConnector(plan.value, this.#deps) };
    return ok(this.#current);
  }

  async #read(): Promise<Result<ProxyPlan, string>> {
    const { source, plan } = this.#deps;
    if (source === null) return ok(plan);
    const read = await source.proxy();
    if (!read.ok) return read;
    return ok(read.value === null ? { kind: 'direct' } : consolePlan(read.value));
  }
}

/** A proxy of the console: the strongest way to log in that it offers, and no exceptions. */
function consolePlan({ host, port, user, password }: ProxySettings): ProxyPlan {
  const login = user === null ? null : { user, password: password ?? new Secret('') };
  return { kind: 'proxy', proxy: { host, port, tls: false, auth: 'any', login }, noProxy: '' };
}

/** Tells plans apart, by their passwords too. Never leaves this file. */
function keyOf(plan: ProxyPlan): string {
  const login = plan.kind === 'proxy' ? plan.proxy.login : plan.kind === 'pac' ? plan.login : null;
  return `${JSON.stringify(plan)} ${login?.password.reveal() ?? ''}`;
}
