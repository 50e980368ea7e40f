import type { Result } from '@picket/base/result';
import type { Port } from '../../console/errors/cause.ts';
import type { ConsoleSettings } from '../../local/console-settings.ts';
import type { LinkMode } from '../../netconf/network-settings.ts';

/** One port as the helper saw it seconds ago: in whichever namespace it is, and on the VLAN that LAN's own network is on. */
export interface ManagedPort {
  readonly port: Port;
  readonly up: boolean;
  readonly carrier: boolean;
  readonly addresses: readonly string[];
  readonly gateway: string | null;
  /** The first thing that makes its IP configuration invalid; null: nothing does. */
  readonly invalid: { readonly loopback: boolean } | null;
}

/** What the helper knows of the machine. It never tells the proxy password, only that there is one. */
export interface HelperView {
  readonly settings: ConsoleSettings;
  readonly devices: { readonly lan: string; readonly wan: string | null };
  /** Those in use; none before the helper has looked. */
  readonly ports: readonly ManagedPort[];
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
