import { factorySettings } from '../../netconf/network-settings.ts';
import type { ConsoleSettings } from '../../local/console-settings.ts';
import type { ConsoleStatus } from '../../local/console-status.ts';
import type { ConsoleEvent, Key } from '../machine/console-event.ts';
import { type ConsoleState, initialState } from '../machine/console-state.ts';
import { displayOf } from '../machine/display.ts';
import type { Effect } from '../machine/effect.ts';
import { step } from '../machine/step.ts';

/** A ready appliance on DHCP. */
export const readyStatus: ConsoleStatus = {
  state: 'ready',
  attempt: 'in-force',
  checkingFiles: false,
  error: null,
  kind: 'virtual',
  name: 'is_office',
  platform: 'https://picket.example:8443',
  activationCode: null,
  lastContact: '2030-01-02T03:04:05.000Z',
  softwareVersion: '0.1.0',
  polling: 'long',
  scans: [],
  updating: false,
  waitingBytes: 0,
  trouble: [],
  ports: [
    {
      port: 'lan',
      device: 'eth0',
      up: true,
      carrier: true,
      mac: '52:54:00:12:34:56',
      addresses: ['10.20.30.40/24'],
      gateway: '10.20.30.1',
    },
  ],
  dns: ['10.20.30.53'],
  doctor: null,
};

export const factory: ConsoleSettings = { ...factorySettings, proxy: null };

/** A person at the console: presses keys a second apart, and reads. */
export class ConsoleDriver {
  state: ConsoleState = initialState;
  /** Every effect since the start, and which screen its key met. */
  readonly effects: { readonly effect: Effect; readonly on: string }[] = [];
  /** What was done and seen, as text. */
  readonly story: string[] = [];
  #at = 1000;

  constructor(status: Partial<ConsoleStatus> = {}, settings: Partial<ConsoleSettings> = {}) {
    this.tell({ type: 'network', settings: { ...factory, ...settings }, readOnly: null });
    this.status(status);
    this.#tells('at first');
  }

  /** Keys by name, with spaces between; `down*3` is three times. */
  press(names: string): this {
    for (const name of names.split(' ')) {
      const [key = '', times = '1'] = name.split('*');
      for (let time = 0; time < Number(times); time += 1) {
        this.tell({ type: 'key', key: key as Key, at: this.#wait(1000) });
      }
      this.#tells(name);
    }
    return this;
  }

  /** Characters as a person types them, or with `gapMs` 1 as a terminal pastes them at 9600 baud. */
  type(text: string, gapMs = 200): this {
    for (const char of text) this.tell({ type: 'char', char, at: this.#wait(gapMs) });
    this.#tells(`"${text}"`);
    return this;
  }

  /** Characters and keys as they come in one go, without the time that a person takes. */
  burst(events: readonly (string | { readonly key: Key })[], gapMs = 1): this {
    for (const each of events) {
      const at = this.#wait(gapMs);
      this.tell(typeof each === 'string' ? { type: 'char', char: each, at } : { type: 'key', key: each.key, at });
    }
    this.#tells('(burst)');
    return this;
  }

  status(change: Partial<ConsoleStatus>): this {
    this.tell({ type: 'status', status: { ...(this.state.status ?? readyStatus), ...change } });
    return this;
  }

  wait(milliseconds: number): this {
    this.tell({ type: 'tick', at: this.#wait(milliseconds) });
    return this;
  }

  tell(event: ConsoleEvent, note?: string): this {
    const on = this.screen();
    const { state, effects } = step(this.state, event);
    this.state = state;
    for (const effect of effects) this.effects.push({ effect, on });
    if (note !== undefined) this.#tells(note);
    return this;
  }

  /** The text of both lines without indicators, joined. */
  screen(): string {
    const { lines } = displayOf(this.state);
    return `${lines[0].slice(0, 16).trim()} ${lines[1].trim()}`.trim();
  }

  grid(): string {
    const { lines } = displayOf(this.state);
    return `|${lines[0]}|\n|${lines[1]}|`;
  }

  #wait(milliseconds: number): number {
    this.#at += milliseconds;
    return this.#at;
  }

  #tells(what: string): void {
    const { lines } = displayOf(this.state);
    this.story.push(`${what.padEnd(22)} |${lines[0]}|`, `${' '.repeat(22)} |${lines[1]}|`);
  }
}
