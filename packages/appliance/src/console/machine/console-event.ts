import type { ConsoleSettings } from '../../local/console-settings.ts';
import type { ConsoleStatus } from '../../local/console-status.ts';

/** The five keys of the front panel, and three that only keyboards have: Ctrl-U, backspace, and ESC, which quits with nothing changed. */
export const keys = ['up', 'down', 'left', 'right', 'enter', 'clear', 'erase', 'escape'] as const;
export type Key = (typeof keys)[number];

/** What the boot shows before the daemon speaks. */
export const bootPhases = ['welcome', 'starting', 'checking', 'coming-up'] as const;
export type BootPhase = (typeof bootPhases)[number];

/**
 * What happens to the console. `at` is monotonic time in milliseconds.
 *
 * - `key`: without `phase` a key that only says that it was hit (terminals, most panels); with it, a key that also tells its release.
 * - `char`: a typed or pasted character.
 * - `status`, `network`: from the daemon; `readOnly` says why nothing can be changed, null when it can.
 * - `answer`: to the last effect that asked for one. `platform`: to `find-platform`; `enrolment` is what would be believed.
 * - `boot`: how far the machine's start has come. `gone`: the daemon does not answer.
 */
export type ConsoleEvent =
  | { readonly type: 'key'; readonly key: Key; readonly at: number; readonly phase?: 'press' | 'release' }
  | { readonly type: 'char'; readonly char: string; readonly at: number }
  | { readonly type: 'tick'; readonly at: number }
  | { readonly type: 'status'; readonly status: ConsoleStatus }
  | { readonly type: 'network'; readonly settings: ConsoleSettings | null; readonly readOnly: string | null }
  | { readonly type: 'answer'; readonly refused: string | null }
  | { readonly type: 'platform'; readonly enrolment: string; readonly fingerprint: string | null }
  | { readonly type: 'boot'; readonly phase: BootPhase }
  | { readonly type: 'gone' };
