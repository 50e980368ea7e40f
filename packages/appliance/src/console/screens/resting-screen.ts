import { type ConsoleState, scanRuns, show, type Step } from '../machine/console-state.ts';
import type { BootPhase } from '../machine/console-event.ts';
import { type Face, labelLines, textWidth } from './face.ts';
import { openMenu, startFlow } from './navigate.ts';

const bootTexts: Readonly<Record<BootPhase, string>> = {
  welcome: 'Welcome to Picket',
  starting: 'Picket Scanner is starting up...',
  checking: 'Filesystem check in progress...',
  'coming-up': 'Picket Scanner is coming up...',
};

/** The screen between two uses of the menus: what the appliance says of itself. */
export function restingFace(state: ConsoleState): Face {
  const { status } = state;
  if (state.boot !== null) return { lines: bootLines(bootTexts[state.boot]), on: {}, help: 'The appliance starts.' };
  const menu = (): Step => openMenu(state, 'main');
  const both = { down: menu, enter: menu };
  const open = 'ENTER opens the menu.';
  if (status === null || !state.connected) {
    return {
      lines: ['NO ANSWER FROM', 'SCANNER SERVICE'],
      on: both,
      help: open,
      detail: 'The appliance service does not run; it is looked for.',
    };
  }
  switch (status.state) {
    case 'connecting': {
      const text = status.checkingFiles ? bootTexts.checking : 'CONTACTING PICKET';
      return { lines: bootLines(text), on: { down: menu }, help: 'DOWN opens the menu.' };
    }
    case 'awaiting-activation': {
      const connect = (): Step => show(state, state.screen, { type: 'connect', attempt: 'activation' });
      const help = 'ENTER tries again, DOWN opens the menu.';
      const detail = 'Enter this code in the platform: New > Scanner Appliance.';
      return {
        lines: ['ACTIVATION CODE', status.activationCode ?? ''],
        on: { down: menu, enter: connect },
        help,
        detail,
      };
    }
    case 'network-error': {
      const { error } = status;
      const lines = [`NETWORK ERR ${error?.code ?? ''}`.trimEnd(), error?.description ?? ''] as const;
      return { lines, on: both, help: open };
    }
    case 'ready':
      return readyFace(state, both, open);
    case 'communication-failure':
      // A scan that still runs goes on without the platform: the failure shows once it has ended or its lease is over (S1 goes out).
      if (scanRuns(state)) return readyFace(state, both, open);
      return { lines: ['COMMUNICATION', 'FAILURE'], on: both, help: open };
    case 'revoked':
      return { lines: ['REVOKED BY', 'PLATFORM'], on: both, help: open };
    case 'clone-suspected':
      return {
        lines: ['KEY USED TWICE', 'ASK A MANAGER'],
        on: both,
        help: open,
      };
    case 'stopped':
      return { lines: ['SCANNER SERVICE', 'STOPPED'], on: both, help: open };
    case 'no-platform': {
      const set = (): Step => startFlow(state, 'platform');
      const help = 'ENTER sets the platform address, DOWN opens the menu.';
      return { lines: ['NO PLATFORM YET', 'ENTER: SET IT'], on: { down: menu, enter: set }, help };
    }
  }
}

function readyFace(state: ConsoleState, on: Face['on'], help: string): Face {
  const { status } = state;
  const address = status?.ports.find((each) => each.port === 'lan')?.addresses[0]?.split('/')[0] ?? '';
  const shown = address.length <= textWidth ? address : scrolled(address, state.now);
  const corner = platformIndicator(status?.platform ?? '');
  return { lines: [(status?.name ?? '').slice(0, textWidth), shown], on, help, corner };
}

/** Which platform it is: the first characters of its host name, or the end of its address. */
export function platformIndicator(url: string): string {
  const host = /^https:\/\/(\[[^\]]+\]|[^/:]+)/.exec(url)?.[1] ?? '';
  if (/^[0-9.]+$/.test(host) || host.startsWith('[')) return host.replace(/\]$/, '').slice(-3);
  return host.slice(0, 3).toUpperCase();
}

/** A text that is too long goes by, one character a second, with a pause at both ends. */
function scrolled(text: string, now: number): string {
  const extra = text.length - textWidth;
  const step = Math.floor(now / 1000) % (extra + 6);
  const start = Math.min(extra, Math.max(0, step - 2));
  return text.slice(start, start + textWidth);
}

/** A text of 17 characters has the place of the indicator of LEFT, which these screens do not use. */
function bootLines(text: string): readonly [string, string] {
  return text.length === textWidth + 1 ? [text, ''] : labelLines(text);
}
