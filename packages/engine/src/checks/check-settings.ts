import type { Payloads } from '@picket/checks/protocols/payloads';

/** What whoever runs a check says beside the check itself. */
export interface CheckSettings {
  /** Values that take the place of the check's own variables. */
  readonly variables: ReadonlyMap<string, string>;
  /** Payload lists that the check lacks: each value is tried. */
  readonly lists: ReadonlyMap<string, readonly string[]>;
  /** False: no answer is followed elsewhere, whatever the check says. */
  readonly followRedirects: boolean;
  /** Server name of TLS handshakes; null: the host's. */
  readonly serverName: string | null;
  /** How payload lists are put together; null: as the check says. */
  readonly attack: Payloads['attack'] | null;
}

/** The check alone decides. */
export const noSettings: CheckSettings = {
  variables: new Map(),
  lists: new Map(),
  followRedirects: true,
  serverName: null,
  attack: null,
};
