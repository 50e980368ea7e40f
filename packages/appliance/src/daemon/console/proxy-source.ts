import type { Result } from '@picket/base/result';
import type { ProxySettings } from '../../netconf/network-settings.ts';

/** Where the daemon's own connections learn of the proxy that was set at the console, password included. Null: none is set. */
export interface ProxySource {
  proxy(): Promise<Result<ProxySettings | null, string>>;
}
