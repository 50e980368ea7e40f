import type { Field } from '../fields/field.ts';
import type { ConsoleState } from '../machine/console-state.ts';
import type { Effect } from '../machine/effect.ts';
import type { MenuId, OptionId } from '../machine/menus.ts';
import type { Draft } from '../machine/screen.ts';

export const flowIds = [
  'lan-dhcp',
  'vlan',
  'lan-static',
  'wan-dhcp',
  'wan-static',
  'wan-off',
  'proxy',
  'proxy-off',
  'ip-mode',
  'lan-link',
  'wan-link',
  'reset',
  'shutdown',
  'reboot',
  'personalize',
  'platform',
] as const;
export type FlowId = (typeof flowIds)[number];

/** One entry field of a flow. */
export interface FieldStep {
  /** Under which its value stands in the draft. */
  readonly key: string;
  /** At most 16 characters. */
  readonly label: string;
  readonly open: () => Field;
}

/**
 * A procedure of the menus as data: an introduction, entry fields, one REALLY … ? prompt, and what it does. Nothing is changed before the
 * prompt is confirmed.
 */
export interface Flow {
  /** The option it is chosen by. */
  readonly from: { readonly menu: MenuId; readonly option: OptionId };
  /** How many UPs lead from its prompts back out: with two the first one leads to its option. */
  readonly ups: 1 | 2;
  readonly intro: string | null;
  readonly fields: (state: ConsoleState) => readonly FieldStep[];
  /** Turns through the link modes of a port instead of fields. */
  readonly select: 'lan' | 'wan' | null;
  readonly question: (state: ConsoleState, draft: Draft) => string;
  /** Why what was entered is refused at the prompt; null when it is not. */
  readonly refuse: (state: ConsoleState, draft: Draft) => string | null;
  /** What is said while it is done. */
  readonly working: string;
  /** What follows: an attempt to connect, an answer to read, the menu it came from, or the end of the session. */
  readonly after: 'connect' | 'answer' | 'menu' | 'shutdown' | 'reboot';
  readonly effect: (state: ConsoleState, draft: Draft) => Effect | null;
  /** It changes the network, which needs a network helper and ends running scans. */
  readonly changesNetwork: boolean;
}

/** The parts that most flows have in common. */
export const plainFlow = {
  ups: 1,
  intro: null,
  fields: () => [],
  select: null,
  refuse: () => null,
  after: 'connect',
  changesNetwork: true,
} as const satisfies Partial<Flow>;
