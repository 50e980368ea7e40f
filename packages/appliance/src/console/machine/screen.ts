import type { LinkMode } from '../../netconf/network-settings.ts';
import type { Field } from '../fields/field.ts';
import type { FlowId } from '../flows/flow.ts';
import type { MenuId, OptionId } from './menus.ts';

/** What was entered in a flow so far, by the key of its field step. */
export type Draft = Readonly<Record<string, string>>;

/**
 * Why an entry field shows a message instead of its label. Input that comes within `quietMs` of it belongs to the same paste: it is
 * swallowed, and the field is then opened anew.
 */
export interface Notice {
  readonly text: string;
  /** When the refused input, or the last that was swallowed, came. */
  readonly at: number;
  readonly pasted: boolean;
}

/**
 * The screen that is shown. `resting` follows the daemon's status: NAME–IP, ACTIVATION CODE, NETWORK ERR and the like.
 *
 * - `menu`: `leaving` is set on the option that a procedure was left to: one more UP leads out to SETUP NETWORK.
 * - `intro`, `field`, `select`, `confirm`: the parts of a flow, in this order. `working`: what was confirmed is being done.
 * - `message`: a refusal, until a key. `halting`: shutdown or reboot was confirmed.
 */
export type Screen =
  | { readonly kind: 'resting' }
  | { readonly kind: 'menu'; readonly menu: MenuId; readonly option: OptionId; readonly leaving: boolean }
  | { readonly kind: 'intro'; readonly flow: FlowId }
  | {
      readonly kind: 'field';
      readonly flow: FlowId;
      readonly step: number;
      readonly draft: Draft;
      readonly field: Field;
      /** The field as it was opened. */
      readonly opened: Field;
      readonly notice: Notice | null;
      /** When the last character was typed; to tell a paste from typing. */
      readonly typedAt: number;
    }
  | { readonly kind: 'select'; readonly flow: FlowId; readonly mode: LinkMode }
  | { readonly kind: 'confirm'; readonly flow: FlowId; readonly draft: Draft }
  | {
      readonly kind: 'working';
      readonly text: string;
      readonly phase: 'canceling' | 'applying' | 'contacting' | 'asking';
      readonly since: number;
    }
  | { readonly kind: 'message'; readonly text: string; readonly detail: string; readonly back: Screen }
  | { readonly kind: 'settings'; readonly page: number }
  | { readonly kind: 'doctor'; readonly page: number | null }
  | { readonly kind: 'fingerprint'; readonly enrolment: string; readonly fingerprint: string; readonly page: number }
  | {
      readonly kind: 'halting';
      readonly what: 'shutdown' | 'reboot';
      /** The daemon has ended already. */
      readonly gone: boolean;
      readonly since: number;
    };
