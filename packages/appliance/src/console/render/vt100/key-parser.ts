import { ownValue } from '@picket/base/own-value';
import type { Key } from '../../machine/console-event.ts';

/** What a terminal sent. `redraw`: Ctrl-L. `interrupt`: Ctrl-C. */
export type TerminalInput =
  | { readonly type: 'key'; readonly key: Key }
  | { readonly type: 'char'; readonly char: string }
  | { readonly type: 'redraw' }
  | { readonly type: 'interrupt' };

/** Where the parser is: between keys, behind ESC, or inside a sequence. `after` is a CR whose LF or NUL may follow. */
export interface ParserState {
  readonly in: 'ground' | 'escape' | 'csi' | 'ss3' | 'return';
  /** Parameters of a CSI sequence so far. */
  readonly held: string;
}

export const parserStart: ParserState = { in: 'ground', held: '' };

/** A longer sequence is no key: it is dropped. */
const maxHeld = 16;

const arrows: Readonly<Record<string, Key>> = { A: 'up', B: 'down', C: 'right', D: 'left' };

/** Takes decoded input of any cut. Total: whatever comes, it ends in a state and never holds more than a few characters. */
export function parseInput(start: ParserState, text: string): { state: ParserState; inputs: TerminalInput[] } {
  const inputs: TerminalInput[] = [];
  let state = start;
  for (const char of text) state = take(state, char, inputs);
  return { state, inputs };
}

/** Nothing followed for a while: an ESC that stood alone is the ESC key. */
export function parseSilence(state: ParserState): { state: ParserState; inputs: TerminalInput[] } {
  const alone = state.in === 'escape';
  return { state: parserStart, inputs: alone ? [{ type: 'key', key: 'escape' }] : [] };
}

function take(state: ParserState, char: string, inputs: TerminalInput[]): ParserState {
  switch (state.in) {
    case 'return':
      return char === '\n' || char === '\0' ? parserStart : ground(char, inputs);
    case 'ground':
      return ground(char, inputs);
    case 'escape':
      if (char === '[') return { in: 'csi', held: '' };
      if (char === 'O') return { in: 'ss3', held: '' };
      inputs.push({ type: 'key', key: 'escape' });
      return ground(char, inputs);
    case 'ss3':
      return ended(char, '', inputs);
    case 'csi':
      return inSequence(state, char, inputs);
  }
}

function inSequence(state: ParserState, char: string, inputs: TerminalInput[]): ParserState {
  if (char === '\u001b') return { in: 'escape', held: '' };
  if (char >= '@' && char <= '~') return ended(char, state.held, inputs);
  // Parameters are 0x20 to 0x3f; anything else is no sequence (ECMA-48 section 5.4).
  if (char < ' ' || char > '?' || state.held.length >= maxHeld) return ground(char, inputs);
  return { in: 'csi', held: state.held + char };
}

function ended(final: string, held: string, inputs: TerminalInput[]): ParserState {
  const key = ownValue(arrows, final);
  if (key !== undefined) inputs.push({ type: 'key', key });
  else if (final === '~' && held === '3') inputs.push({ type: 'key', key: 'erase' });
  return parserStart;
}

function ground(char: string, inputs: TerminalInput[]): ParserState {
  switch (char) {
    case '\u001b':
      return { in: 'escape', held: '' };
    case '\r':
      inputs.push({ type: 'key', key: 'enter' });
      return { in: 'return', held: '' };
    case '\n':
      inputs.push({ type: 'key', key: 'enter' });
      return parserStart;
    case '\b':
    case '\u007f':
      inputs.push({ type: 'key', key: 'erase' });
      return parserStart;
    case '\u0015':
      inputs.push({ type: 'key', key: 'clear' });
      return parserStart;
    case '\u000c':
      inputs.push({ type: 'redraw' });
      return parserStart;
    case '\u0003':
      inputs.push({ type: 'interrupt' });
      return parserStart;
    default:
      if (char >= ' ') inputs.push({ type: 'char', char });
      return parserStart;
  }
}
