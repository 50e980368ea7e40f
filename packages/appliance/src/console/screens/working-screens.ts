import type { ConsoleState } from '../machine/console-state.ts';
import type { Screen } from '../machine/screen.ts';
import { type Face, labelLines } from './face.ts';
import { openMenu } from './navigate.ts';

const contacting = ['CONTACTING PICKET', ''] as const;

/** What was confirmed is being done. While the platform is contacted the menu is open again: an attempt may take long. */
export function workingFace(state: ConsoleState, screen: Extract<Screen, { kind: 'working' }>): Face {
  switch (screen.phase) {
    case 'canceling':
      return { lines: labelLines('CANCELING THE ONGOING SCAN'), on: {}, help: 'Partial results are kept.' };
    case 'applying':
    case 'asking':
      return { lines: labelLines(screen.text), on: {}, help: 'Please wait.' };
    case 'contacting':
      return { lines: contacting, on: { down: () => openMenu(state, 'main') }, help: 'DOWN opens the menu.' };
  }
}

/** Shutdown and reboot: no keys; it ends with the machine. */
export function haltingFace(screen: Extract<Screen, { kind: 'halting' }>): Face {
  if (screen.what === 'reboot') return { lines: labelLines('REBOOTING SYSTEM'), on: {}, help: 'Please wait.' };
  if (!screen.gone) return { lines: labelLines('SHUTTING DOWN...'), on: {}, help: 'It takes up to 60 seconds.' };
  return { lines: ['SAFE TO UNPLUG', 'ONCE POWER IS OFF'], on: {}, help: 'It takes up to 60 seconds.' };
}
