/**
 * Where the appliance stands with its platform. The console shows it, and `scanningAllowed` reads it.
 *
 * - `connecting`: no answer yet since the start. `awaiting-activation`: reached, shows its activation code.
 * - `network-error`: an attempt to connect failed before the platform ever answered (spec section 7).
 * - `ready`: activated and in touch. `communication-failure`: it was, and lost the platform; ends with the next poll.
 * - `revoked`, `clone-suspected`: the platform said so, signed. Nothing is scanned; results are kept.
 * - `stopped`: shut down.
 */
export const connectionStates = [
  'connecting',
  'awaiting-activation',
  'network-error',
  'ready',
  'communication-failure',
  'revoked',
  'clone-suspected',
  'stopped',
] as const;
export type ConnectionState = (typeof connectionStates)[number];

/**
 * `attempt`: somebody at the console changed the network or asked for a new attempt, whose outcome is to be seen. `activated`: an identity
 * was received. `polled`: a poll was answered. `failed`: an attempt got no answer.
 */
export const connectionEvents = [
  'attempt',
  'code-issued',
  'activated',
  'polled',
  'failed',
  'revoked',
  'cloned',
  'stop',
] as const;
export type ConnectionEvent = (typeof connectionEvents)[number];

type Row = Readonly<Record<ConnectionEvent, ConnectionState>>;

/** What every state that is in touch, or may come to be, has in common. */
const common: Row = {
  attempt: 'connecting',
  'code-issued': 'awaiting-activation',
  activated: 'connecting',
  polled: 'ready',
  failed: 'network-error',
  revoked: 'revoked',
  cloned: 'clone-suspected',
  stop: 'stopped',
};

const table: Readonly<Record<ConnectionState, Row>> = {
  connecting: common,
  'awaiting-activation': common,
  'network-error': common,
  ready: { ...common, failed: 'communication-failure' },
  'communication-failure': { ...common, failed: 'communication-failure' },
  // A lost line changes nothing about what the platform said last.
  revoked: { ...common, attempt: 'revoked', failed: 'revoked' },
  'clone-suspected': { ...common, attempt: 'clone-suspected', failed: 'clone-suspected' },
  stopped: {
    attempt: 'stopped',
    'code-issued': 'stopped',
    activated: 'stopped',
    polled: 'stopped',
    failed: 'stopped',
    revoked: 'stopped',
    cloned: 'stopped',
    stop: 'stopped',
  },
};

export function nextState(state: ConnectionState, event: ConnectionEvent): ConnectionState {
  return table[state][event];
}

/** Leases run on through a lost line (until they expire), never against the platform's word. */
export function scanningAllowed(state: ConnectionState): boolean {
  return state !== 'revoked' && state !== 'clone-suspected' && state !== 'stopped';
}
