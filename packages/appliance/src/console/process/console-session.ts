import type { Clock } from '@picket/base/clock';
import type { ConsoleMessage, ConsoleRequest } from '../../local/console-messages.ts';
import type { BootPhase, ConsoleEvent, Key } from '../machine/console-event.ts';
import { type ConsoleState, initialState } from '../machine/console-state.ts';
import { type Display, displayOf } from '../machine/display.ts';
import { step } from '../machine/step.ts';
import { parseInput, parserStart, parseSilence, type ParserState } from '../render/vt100/key-parser.ts';
import type { TerminalView } from './terminal-view.ts';

/** An ESC that nothing follows within this time is the ESC key; at 9600 baud a sequence is complete in 4 ms. Milliseconds. */
const silenceMs = 60;
/** A serial terminal that was left alone for so long may show anything: ENTER then brings the console up. Milliseconds. */
const sleepMs = 300_000;
/** Rhythm of the clock that the machine sees, milliseconds. */
const tickMs = 100;

export interface SessionPorts {
  readonly clock: Clock;
  /** The terminal; null for a console that only has a panel. */
  readonly view: TerminalView | null;
  /** A serial line does not tell that a terminal was plugged in. */
  readonly mayBeBlank: boolean;
  readonly showOnPanel: (display: Display) => void;
  readonly send: (request: ConsoleRequest) => boolean;
  /** Ctrl-C. */
  readonly onInterrupt: () => void;
}

/** One console at work: feeds the state machine with keys, time and the daemon's word, shows what it shows, sends what it asks for. */
export class ConsoleSession {
  readonly #ports: SessionPorts;
  #state: ConsoleState = initialState;
  #parser: ParserState = parserStart;
  #silence: AbortController | null = null;
  #touchedAt = Number.NEGATIVE_INFINITY;

  constructor(ports: SessionPorts) {
    this.#ports = ports;
    // The console comes up once by itself; a serial terminal that is plugged in later asks for it with ENTER.
    if (!ports.mayBeBlank) this.#touchedAt = Number.POSITIVE_INFINITY;
    this.#render();
  }

  get state(): ConsoleState {
    return this.#state;
  }

  /** Decoded input of the terminal, cut anyhow. */
  input(text: string): void {
    this.#silence?.abort();
    const { state, inputs } = parseInput(this.#parser, text);
    this.#parser = state;
    for (const input of inputs) {
      switch (input.type) {
        case 'redraw':
          this.#ports.view?.redraw(this.#state);
          break;
        case 'interrupt':
          this.#ports.onInterrupt();
          break;
        case 'char':
          this.#touch(() => this.#step({ type: 'char', char: input.char, at: this.#now() }), false);
          break;
        case 'key':
          this.#touch(() => this.key(input.key), input.key === 'enter');
      }
    }
    if (state.in === 'escape' || state.in === 'csi' || state.in === 'ss3') void this.#awaitSilence();
  }

  /** A key of the terminal or of the panel. */
  key(key: Key): void {
    this.#step({ type: 'key', key, at: this.#now() });
  }

  boot(phase: BootPhase): void {
    this.#step({ type: 'boot', phase });
  }

  daemonSays(message: ConsoleMessage): void {
    this.#step(message);
  }

  daemonIsGone(): void {
    this.#step({ type: 'gone' });
  }

  resized(): void {
    this.#ports.view?.redraw(this.#state);
  }

  /** Runs the machine's clock until `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#ports.clock.sleep(tickMs, signal).catch(() => {});
      if (!signal.aborted) this.#step({ type: 'tick', at: this.#now() });
    }
  }

  /** The first ENTER on a terminal that may show nothing draws it whole, MAC address in the title, and does nothing else. */
  #touch(act: () => void, isEnter: boolean): void {
    const asleep = this.#ports.mayBeBlank && this.#now() - this.#touchedAt > sleepMs;
    this.#touchedAt = this.#now();
    if (asleep) this.#ports.view?.redraw(this.#state);
    if (!asleep || !isEnter) act();
  }

  async #awaitSilence(): Promise<void> {
    this.#silence = new AbortController();
    const waited = await this.#ports.clock.sleep(silenceMs, this.#silence.signal).then(
      () => true,
      () => false,
    );
    if (!waited) return;
    const { state, inputs } = parseSilence(this.#parser);
    this.#parser = state;
    for (const input of inputs) if (input.type === 'key') this.key(input.key);
  }

  #step(event: ConsoleEvent): void {
    const { state, effects } = step(this.#state, event);
    this.#state = state;
    for (const effect of effects) {
      if (!this.#ports.send(effect)) this.#state = step(this.#state, { type: 'gone' }).state;
    }
    this.#render();
  }

  #render(): void {
    this.#ports.view?.show(this.#state);
    this.#ports.showOnPanel(displayOf(this.#state));
  }

  #now(): number {
    return this.#ports.clock.monotonic();
  }
}
