import { err, ok, type Result } from '@picket/base/result';
import type { Destination } from '../connector.ts';
import { exceptsHost } from './no-proxy.ts';
import type { ProxyAuth, ProxyLogin, ProxySettings } from './proxy-settings.ts';
import { parseProxyUrl } from './proxy-url.ts';
import type { VariableProxy } from './proxy-variables.ts';

/** The way to the platform as it is configured. */
export type ProxyPlan =
  | { readonly kind: 'direct' }
  | { readonly kind: 'proxy'; readonly proxy: ProxySettings; readonly noProxy: string }
  | {
      readonly kind: 'pac';
      /** Text of the PAC file. */
      readonly script: string;
      /** For every proxy that the script names. */
      readonly auth: ProxyAuth;
      readonly login: ProxyLogin | null;
      readonly noProxy: string;
    };

/** Where a proxy may be configured, in the order in which they count (spec section 9): file, PAC, the system's variables. */
export interface ProxyPlaces {
  readonly file: VariableProxy | null;
  /** What the first place is called in an error: the proxy file, or an option. */
  readonly fileIs: string;
  /** Text of a PAC file; null: there is none. */
  readonly pac: string | null;
  readonly system: VariableProxy;
  readonly auth: ProxyAuth;
  /** Goes before a login in a URL. */
  readonly login: ProxyLogin | null;
}

/** What the system's proxy, which nobody set for this program, never gets. */
const ownMachine = 'localhost,127.0.0.0/8,::1';

/**
 * The first place that sets a proxy decides. One that sets something unusable is an error, never a direct connection. The exceptions of
 * the file count for whichever proxy it is; without any, those of the system.
 */
export function proxyPlan({ file, fileIs, pac, system, auth, login }: ProxyPlaces): Result<ProxyPlan, string> {
  const fileNames = file?.noProxy ?? '';
  const noProxy = fileNames === '' ? system.noProxy : fileNames;
  const url = file?.url ?? null;
  if (url === null && pac !== null) return ok({ kind: 'pac', script: pac, auth, login, noProxy });
  const set = url ?? system.url;
  if (set === null) return ok({ kind: 'direct' });
  const parsed = parseProxyUrl(set);
  if (!parsed.ok) return err(`${url === null ? 'Proxy of the environment' : fileIs}: ${parsed.error}`);
  const exceptions = url === null ? `${noProxy},${ownMachine}` : noProxy;
  return ok({
    kind: 'proxy',
    proxy: { ...parsed.value, auth, login: login ?? parsed.value.login },
    noProxy: exceptions,
  });
}

/** Whether the plan's exceptions name this host. */
export function isExcepted(plan: Exclude<ProxyPlan, { kind: 'direct' }>, { host }: Destination): boolean {
  return exceptsHost(plan.noProxy, host);
}
