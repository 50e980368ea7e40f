import type { ConsoleSettings } from '../../local/console-settings.ts';
import type { ConsoleStatus } from '../../local/console-status.ts';
import type { BootPhase, Key } from './console-event.ts';
import type { Effect } from './effect.ts';
import type { Screen } from './screen.ts';

/** The whole console between two events. */
export interface ConsoleState {
  readonly screen: Screen;
  /** As the daemon told last; null before it spoke. */
  readonly status: ConsoleStatus | null;
  /** The values in force; null before they are known. */
  readonly settings: ConsoleSettings | null;
  /** Why nothing can be changed here; null when it can. */
  readonly readOnly: string | null;
  /** How far the machine's start has come; null once the daemon spoke. */
  readonly boot: BootPhase | null;
  /** The daemon answers. */
  readonly connected: boolean;
  /** Latest time that any event told. */
  readonly now: number;
  /** When a key or character came last. */
  readonly touchedAt: number;
  /** A key that is held down, and when it acts again. */
  readonly hold: { readonly key: Key; readonly nextAt: number } | null;
  /** The last key and the screen it met: LEFT and RIGHT within `togetherMs` count as pressed together. */
  readonly last: { readonly key: Key; readonly at: number; readonly screen: Screen } | null;
}

/** What an event leads to. */
export interface Step {
  readonly state: ConsoleState;
  readonly effects: readonly Effect[];
}

/** The console as it starts. */
export const initialState: ConsoleState = {
  screen: { kind: 'resting' },
  status: null,
  settings: null,
  readOnly: 'The settings are not known yet.',
  boot: 'welcome',
  connected: false,
  now: 0,
  touchedAt: 0,
  hold: null,
  last: null,
};

/** Another screen, with effects if there are any. */
export function show(state: ConsoleState, screen: Screen, ...effects: readonly Effect[]): Step {
  return { state: { ...state, screen }, effects };
}

export function scanRuns(state: ConsoleState): boolean {
  return state.status?.scans.some((scan) => scan.state === 'running') ?? false;
}
