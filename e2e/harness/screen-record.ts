import { setTimeout as delay } from 'node:timers/promises';
import type { Tmux } from '../../packages/appliance/src/testing/tmux.ts';

/** What a console showed, from `at` (milliseconds of `performance.now()`) until the next one. */
export interface SeenScreen {
  readonly at: number;
  /** The two lines without the signs of the keys and the platform's corner, joined by a space. */
  readonly lines: string;
  /** The LED of a running scan. */
  readonly s1: boolean;
  /** What is wrong, in words, below the display; empty: nothing. */
  readonly alarm: string;
}

/** Reads the terminal of a console ten times a second and keeps each change. */
export class ScreenRecord implements AsyncDisposable {
  readonly seen: SeenScreen[] = [];
  readonly #tmux: Tmux;
  #open = true;
  readonly #done: Promise<void>;

  constructor(tmux: Tmux) {
    this.#tmux = tmux;
    this.#done = this.#run();
  }

  /** Waits until the console shows lines like these, now or later. */
  async until(lines: RegExp, deadlineMs: number): Promise<SeenScreen> {
    const end = performance.now() + deadlineMs;
    for (;;) {
      const last = this.seen.at(-1);
      if (last !== undefined && lines.test(last.lines)) return last;
      if (performance.now() > end) throw new Error(`not shown in ${deadlineMs} ms: ${lines}; ${JSON.stringify(last)}`);
      await delay(20);
    }
  }

  /** What was shown from a moment on, the screen of that moment first. */
  since(at: number): readonly SeenScreen[] {
    const later = this.seen.findIndex((screen) => screen.at > at);
    return later < 0 ? this.seen.slice(-1) : this.seen.slice(Math.max(0, later - 1));
  }

  async #run(): Promise<void> {
    while (this.#open) {
      const screen = readScreen(await this.#tmux.screen().catch(() => ''));
      const last = this.seen.at(-1);
      if (screen !== null && (last === undefined || !same(last, screen)))
        this.seen.push({ at: performance.now(), ...screen });
      await delay(100);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#open = false;
    await this.#done;
  }
}

type Read = Omit<SeenScreen, 'at'>;

function same(one: Read, other: Read): boolean {
  return one.lines === other.lines && one.s1 === other.s1 && one.alarm === other.alarm;
}

/** Null while a screen is drawn. */
function readScreen(text: string): Read | null {
  const rows = text.split('\n');
  const display = rows.slice(2, 4).map((row) => /^ ?\|(.{20})\|/.exec(row)?.[1]?.slice(0, 16).trim());
  if (display.some((line) => line === undefined)) return null;
  const alarm = rows.slice(7, 9).map((row) => row.trim());
  return { lines: display.join(' ').trim(), s1: text.includes('S1 [*]'), alarm: alarm.join(' ').trim() };
}
