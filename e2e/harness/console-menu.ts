import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Tmux } from '../../packages/appliance/src/testing/tmux.ts';

/** A person's pause before a key, milliseconds. */
const pauseMs = 120;

/** From NAME-IP, where it is `name`, to the options of SETUP NETWORK. */
export async function openNetworkSetup(tty: Tmux, name: string): Promise<void> {
  await tty.sees(`|${name}`);
  await pressAndSee(tty, 'Enter');
  await tty.sees('|SETUP NETWORK');
  await pressAndSee(tty, 'Enter');
}

/** DOWN until the option is this one. What a key does is seen before the next is pressed: a slow terminal would be run past. */
export async function goDownTo(tty: Tmux, label: string): Promise<void> {
  for (let step = 0; step < 8; step += 1) {
    if (firstLine(await tty.screen()).startsWith(label)) return;
    await pressAndSee(tty, 'Down');
  }
  throw new Error(`no option ${label}:\n${await tty.screen()}`);
}

async function pressAndSee(tty: Tmux, key: string): Promise<void> {
  const before = firstLine(await tty.screen());
  await delay(pauseMs);
  await tty.press(key);
  await expect.poll(async () => firstLine(await tty.screen()), { timeout: 30_000, interval: 50 }).not.toBe(before);
}

/** Of the two lines of the console. */
function firstLine(screen: string): string {
  return /^ *\|(.*?)\|/m.exec(screen)?.[1]?.trimEnd() ?? '';
}
