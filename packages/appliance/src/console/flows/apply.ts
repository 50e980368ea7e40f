import type { ConsoleSettings } from '../../local/console-settings.ts';
import type { Attempt } from '../errors/attempt.ts';
import type { ConsoleState } from '../machine/console-state.ts';
import type { Effect } from '../machine/effect.ts';

/** The values in force with a change, to be stored, applied and tried out. Null while they are not known. */
export function applyChange(
  state: ConsoleState,
  attempt: Attempt,
  change: (settings: ConsoleSettings) => Partial<ConsoleSettings>,
): Effect | null {
  const { settings } = state;
  return settings === null ? null : { type: 'apply', attempt, settings: { ...settings, ...change(settings) } };
}
