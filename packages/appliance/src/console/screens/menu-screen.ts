import { type ConsoleState, show, type Step } from '../machine/console-state.ts';
import { type MenuId, type Option, optionsOf } from '../machine/menus.ts';
import type { Screen } from '../machine/screen.ts';
import { type Face, labelLines } from './face.ts';
import { openMenu, startFlow } from './navigate.ts';

type MenuScreen = Extract<Screen, { kind: 'menu' }>;

/** A menu shows one option at a time; UP at the first one leads out, as EXIT THIS MENU does. */
export function menuFace(state: ConsoleState, screen: MenuScreen): Face {
  const options = optionsOf(screen.menu, state);
  const at = Math.max(
    0,
    options.findIndex((each) => each.id === screen.option),
  );
  const current = options[at];
  const previous = options[at - 1];
  const next = options[at + 1];
  const go = (option: Option) => () => show(state, { ...screen, option: option.id, leaving: false });
  const up = screen.leaving
    ? () => openMenu(state, 'main', 'setup')
    : previous
      ? go(previous)
      : () => leave(state, screen.menu);
  const settings = (): Step => show(state, { kind: 'settings', page: 0 });
  return {
    lines: labelLines(current?.label ?? ''),
    on: {
      up,
      escape: () => leave(state, screen.menu),
      ...(next ? { down: go(next) } : {}),
      ...(current ? { enter: () => choose(state, screen.menu, current) } : {}),
      ...(screen.menu === 'main' && showsSettings(state) ? { right: settings } : {}),
    },
    help:
      screen.menu === 'main' && showsSettings(state) ? 'ENTER chooses, RIGHT shows the settings.' : 'ENTER chooses.',
  };
}

/** Virtual appliances show their network settings from the main menu. */
function showsSettings(state: ConsoleState): boolean {
  return state.status?.kind !== 'physical';
}

function choose(state: ConsoleState, menu: MenuId, option: Option): Step {
  const { target } = option;
  switch (target.to) {
    case 'menu':
      return openMenu(state, target.menu);
    case 'flow':
      return startFlow(state, target.flow);
    case 'doctor':
      return show(state, { kind: 'doctor', page: null }, { type: 'examine' });
    case 'exit':
      return leave(state, menu);
  }
}

function leave(state: ConsoleState, menu: MenuId): Step {
  switch (menu) {
    case 'main':
      return show(state, { kind: 'resting' });
    case 'setup':
      return openMenu(state, 'main', 'setup');
    case 'wan':
      return openMenu(state, 'setup', 'wan');
  }
}
