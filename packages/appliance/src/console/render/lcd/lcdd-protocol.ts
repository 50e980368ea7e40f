import { ownValue } from '@picket/base/own-value';
import type { Key } from '../../machine/console-event.ts';
import type { Display } from '../../machine/display.ts';

/**
 * The client side of LCDproc's protocol (version 0.3, as LCDd 0.5 speaks it): lines of words over TCP. The daemon owns the panel and its
 * driver; we own one screen of two strings.
 */
const screen = 'picket';

/** Names of the five keys as drivers report them. */
export const lcdKeys: Readonly<Record<string, Key>> = {
  Up: 'up',
  Down: 'down',
  Left: 'left',
  Right: 'right',
  Enter: 'enter',
};

/** The first line to send. */
export const hello = 'hello';

/** Sent once the server has answered `connect`: one screen that stays in front, and the five keys for us alone. */
export const introduction: readonly string[] = [
  'client_set -name picket',
  `screen_add ${screen}`,
  `screen_set ${screen} -name picket -priority input -heartbeat off -timeout 0`,
  `widget_add ${screen} first string`,
  `widget_add ${screen} second string`,
  `client_add_key -exclusively ${Object.keys(lcdKeys).join(' ')}`,
];

/** What the server says. `other` needs no answer. */
export type LcdAnswer =
  | { readonly type: 'connect'; readonly width: number; readonly height: number }
  | { readonly type: 'key'; readonly key: Key }
  | { readonly type: 'refused'; readonly reason: string }
  | { readonly type: 'other' };

/** Reads one line of the server. Total. */
export function parseLcdLine(line: string): LcdAnswer {
  const words = line.trim().split(/ +/, 32);
  switch (words[0]) {
    case 'connect':
      return { type: 'connect', width: numberAfter(words, 'wid'), height: numberAfter(words, 'hgt') };
    case 'key': {
      const key = ownValue(lcdKeys, words[1] ?? '');
      return key === undefined ? { type: 'other' } : { type: 'key', key };
    }
    case 'huh?':
      return { type: 'refused', reason: words.slice(1).join(' ').slice(0, 200) };
    default:
      return { type: 'other' };
  }
}

/** The commands that bring the panel from one display to the next; null: it shows nothing of ours yet. */
export function lcdCommands(before: Display | null, after: Display): string[] {
  const commands: string[] = [];
  for (const [index, name] of (['first', 'second'] as const).entries()) {
    const text = after.lines[index] ?? '';
    if (before?.lines[index] !== text) commands.push(`widget_set ${screen} ${name} 1 ${index + 1} ${quoted(text)}`);
  }
  if (before?.cursor !== after.cursor) {
    const place = after.cursor === null ? '-cursor off' : `-cursor under -cursor_x ${after.cursor + 1} -cursor_y 2`;
    commands.push(`screen_set ${screen} ${place}`);
  }
  const bits = ({ s1, s2, s3 }: Display['leds']) => (s1 ? 1 : 0) + (s2 ? 2 : 0) + (s3 ? 4 : 0);
  const lit = bits(after.leds);
  if (before === null || bits(before.leds) !== lit) commands.push(`output ${lit}`);
  return commands;
}

/** A word of the protocol: in quotes, with backslashes before quotes and backslashes. */
function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, (char) => `\\${char}`)}"`;
}

function numberAfter(words: readonly string[], name: string): number {
  const value = Number(words[words.indexOf(name) + 1]);
  return Number.isInteger(value) && value > 0 && value < 1000 ? value : 0;
}
