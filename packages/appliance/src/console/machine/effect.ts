import type { LinkMode } from '../../netconf/network-settings.ts';
import type { ConsoleSettings } from '../../local/console-settings.ts';
import type { Attempt } from '../errors/attempt.ts';
import type { Port } from '../errors/cause.ts';

/**
 * What the console asks of the daemon. All but `connect`, `examine` and `find-platform` come only right after an ENTER on a REALLY … ? prompt.
 *
 * - `cancel-scan`: end running scans and keep what they found; stands before a change of the network.
 * - `apply`: store these settings, then bring them into force, then connect; a failure is reported as that of `attempt`.
 * - `set-link`: takes effect at once. `reset`: forget everything that was entered at the console, then connect.
 * - `connect`: try now. `personalize`: activate with this code. `examine`: run the network doctor.
 * - `find-platform`: fetch the certificate authority's fingerprint, believed by nobody yet. `enrol`: believe it.
 */
export type Effect =
  | { readonly type: 'cancel-scan' | 'reset' | 'shutdown' | 'reboot' | 'examine' }
  | { readonly type: 'apply'; readonly settings: ConsoleSettings; readonly attempt: Attempt }
  | { readonly type: 'set-link'; readonly port: Port; readonly mode: LinkMode }
  | { readonly type: 'connect'; readonly attempt: Attempt }
  | { readonly type: 'personalize'; readonly code: string }
  | { readonly type: 'find-platform'; readonly host: string; readonly port: number }
  | { readonly type: 'enrol'; readonly enrolment: string };
export type EffectType = Effect['type'];

/** Those that change the appliance or end its work, and so stand behind a prompt. */
export const promptedEffects: ReadonlySet<EffectType> = new Set([
  'cancel-scan',
  'apply',
  'set-link',
  'reset',
  'shutdown',
  'reboot',
  'personalize',
  'enrol',
]);
