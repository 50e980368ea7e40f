import type { Result } from '@picket/base/result';
import type { Port } from '../../console/errors/cause.ts';
import type { ConsoleSettings } from '../../local/console-settings.ts';
import type { LinkMode } from '../../netconf/network-settings.ts';

/** What the helper knows of the machine. It never tells the proxy password, only that there is one. */
export interface HelperView {
  readonly settings: ConsoleSettings;
  readonly devices: { readonly lan: string; readonly wan: string | null };
}

/**
 * The one program that may change the machine's network and power: it stores the settings, then brings them into force. The daemon has no
 * such rights. An error is a sentence for the person at the console.
 */
export interface NetworkHelper {
  view(): Promise<Result<HelperView, string>>;
  apply(settings: ConsoleSettings): Promise<Result<null, string>>;
  /** Asks the DHCP server (or the router) of a port anew. */
  renew(port: Port): Promise<Result<null, string>>;
  setLink(port: Port, mode: LinkMode): Promise<Result<null, string>>;
  reset(): Promise<Result<null, string>>;
  power(what: 'shutdown' | 'reboot'): Promise<Result<null, string>>;
}
