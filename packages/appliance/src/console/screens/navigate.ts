import type { LinkMode } from '../../netconf/network-settings.ts';
import type { Flow, FlowId } from '../flows/flow.ts';
import { flows } from '../flows/registry.ts';
import { type ConsoleState, scanRuns, show, type Step } from '../machine/console-state.ts';
import type { Effect } from '../machine/effect.ts';
import { type MenuId, type OptionId, optionsOf } from '../machine/menus.ts';
import type { Draft, Screen } from '../machine/screen.ts';

/** A menu at an option, or at its first one. */
export function openMenu(state: ConsoleState, menu: MenuId, option?: OptionId, leaving = false): Step {
  const options = optionsOf(menu, state);
  const found = options.find((each) => each.id === option) ?? options[0];
  return show(state, { kind: 'menu', menu, option: found?.id ?? 'exit', leaving });
}

/** UP on a prompt of a flow: straight out to SETUP NETWORK, or first to the option that it came from. */
export function leaveFlow(state: ConsoleState, id: FlowId): Step {
  const { from, ups } = flows[id];
  if (ups === 1 && from.menu !== 'main') return openMenu(state, 'main', 'setup');
  return openMenu(state, from.menu, from.option, from.menu !== 'main');
}

/** Begins a flow, or says why it can't be. */
export function startFlow(state: ConsoleState, id: FlowId): Step {
  const flow = flows[id];
  const refusal = refusalOf(state, flow);
  if (refusal !== null) {
    const { from } = flow;
    const back: Screen = { kind: 'menu', menu: from.menu, option: from.option, leaving: false };
    return show(state, { kind: 'message', ...refusal, back });
  }
  if (flow.intro !== null) return show(state, { kind: 'intro', flow: id });
  return enterFlow(state, id);
}

/** A flow behind its introduction: its first field, its choice, or its prompt. */
export function enterFlow(state: ConsoleState, id: FlowId): Step {
  const { select } = flows[id];
  if (select !== null) {
    const mode: LinkMode = state.settings?.links[select] ?? 'auto';
    return show(state, { kind: 'select', flow: id, mode });
  }
  return openField(state, id, 0, {});
}

/** The field of a step, or the prompt behind the last one. */
export function openField(state: ConsoleState, id: FlowId, step: number, draft: Draft): Step {
  const found = flows[id].fields(state)[step];
  if (found === undefined) return show(state, { kind: 'confirm', flow: id, draft });
  const field = found.open();
  return show(state, { kind: 'field', flow: id, step, draft, field, opened: field, notice: null, typedAt: -1e9 });
}

/** ENTER on a REALLY … ? prompt: the only place that stores, applies, resets and ends anything. */
export function confirmFlow(state: ConsoleState, id: FlowId, draft: Draft): Step {
  const flow = flows[id];
  const refused = flow.refuse(state, draft);
  const { from } = flow;
  const back: Screen = { kind: 'menu', menu: from.menu, option: from.option, leaving: false };
  if (refused !== null) {
    const detail = 'LAN and WAN must be different networks. Nothing was changed.';
    return show(state, { kind: 'message', text: refused, detail, back });
  }
  const effect = flow.effect(state, draft);
  if (effect === null) return show(state, back);
  const cancels = flow.changesNetwork && flow.after === 'connect' && scanRuns(state);
  const effects: Effect[] = cancels ? [{ type: 'cancel-scan' }, effect] : [effect];
  return show(state, screenAfter(state, flow, cancels), ...effects);
}

function screenAfter(state: ConsoleState, flow: Flow, cancels: boolean): Screen {
  const working = { kind: 'working', text: flow.working, since: state.now } as const;
  switch (flow.after) {
    case 'connect':
      return { ...working, phase: cancels ? 'canceling' : 'applying' };
    case 'answer':
      return { ...working, phase: 'asking' };
    case 'menu':
      return { kind: 'menu', menu: 'main', option: 'setup', leaving: false };
    case 'shutdown':
    case 'reboot':
      return { kind: 'halting', what: flow.after, gone: false, since: state.now };
  }
}

function refusalOf(state: ConsoleState, flow: Flow): { text: string; detail: string } | null {
  const needsHelper = flow.changesNetwork || flow.after === 'shutdown' || flow.after === 'reboot';
  if (needsHelper && state.readOnly !== null) return { text: 'READ-ONLY HERE', detail: state.readOnly };
  if (!state.connected) return { text: 'NO ANSWER FROM SERVICE', detail: 'The appliance service does not run.' };
  return null;
}
