/** What the reader is told about the live connection. */
export type Connection = 'connecting' | 'live' | 'reconnecting' | 'stale';

/** Silence after which shown data counts as stale, milliseconds. */
export const staleMs = 45_000;

export interface LiveState {
  readonly connection: Connection;
  /** When something last arrived (an event or the server's heartbeat), milliseconds; 0 before the first. */
  readonly heardAt: number;
}

export type LiveAction =
  | { readonly kind: 'opened'; readonly at: number }
  | { readonly kind: 'heard'; readonly at: number }
  | { readonly kind: 'lost'; readonly at: number }
  | { readonly kind: 'tick'; readonly at: number };

export const initialLive: LiveState = { connection: 'connecting', heardAt: 0 };

/** Pure: a lost connection reconnects by itself and is called stale when it stays away for `staleMs`. */
export function liveReducer(state: LiveState, action: LiveAction): LiveState {
  switch (action.kind) {
    case 'opened':
    case 'heard':
      return { connection: 'live', heardAt: action.at };
    case 'lost':
      return {
        connection: state.connection === 'stale' ? 'stale' : 'reconnecting',
        heardAt: state.heardAt || action.at,
      };
    case 'tick':
      if (state.connection !== 'reconnecting') return state;
      return action.at - state.heardAt > staleMs ? { ...state, connection: 'stale' } : state;
  }
}
