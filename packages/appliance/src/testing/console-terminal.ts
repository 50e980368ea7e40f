import { join } from 'node:path';
import { systemClock } from '@picket/base/adapters/system';
import xterm from '@xterm/headless';
import { daemonLink } from '../console/adapters/daemon-link.ts';
import { ConsoleSession } from '../console/process/console-session.ts';
import { TerminalView } from '../console/process/terminal-view.ts';
import { consoleSocketName } from '../local/console-messages.ts';
import { until } from './appliance-bench.ts';

/** A console at the socket of a daemon, with a terminal that a test types on and reads. */
export class ConsoleTerminal {
  readonly #term = new xterm.Terminal({ cols: 80, rows: 24, allowProposedApi: true });
  readonly #ending = new AbortController();
  readonly #link: ReturnType<typeof daemonLink>;
  readonly session: ConsoleSession;
  interrupted = false;
  /** All that was written to the terminal. */
  bytes = '';

  constructor(stateDirectory: string, options: { readonly mayBeBlank?: boolean } = {}) {
    const view = new TerminalView(
      {
        write: (bytes) => {
          this.bytes += bytes;
          this.#term.write(bytes);
          return true;
        },
        onceDrained: () => {},
        size: () => ({ columns: options.mayBeBlank ? 0 : 80, rows: options.mayBeBlank ? 0 : 24 }),
      },
      'ascii',
    );
    this.session = new ConsoleSession({
      clock: systemClock,
      view,
      mayBeBlank: options.mayBeBlank ?? false,
      showOnPanel: () => {},
      send: (request) => this.#link.send(request),
      onInterrupt: () => {
        this.interrupted = true;
      },
    });
    this.#link = daemonLink(join(stateDirectory, consoleSocketName), {
      onMessage: (message) => this.session.daemonSays(message),
      onGone: () => this.session.daemonIsGone(),
    });
    void this.session.run(this.#ending.signal);
  }

  /** Types: characters as they are, and ESC sequences for keys. */
  type(text: string): this {
    this.session.input(text);
    return this;
  }

  /** Keys one after the other, each when the screen has answered the one before. */
  async press(...names: readonly ('up' | 'down' | 'left' | 'right' | 'enter')[]): Promise<void> {
    const sequences = { up: '\u001b[A', down: '\u001b[B', right: '\u001b[C', left: '\u001b[D', enter: '\r' };
    for (const name of names) {
      // A person's pause: LEFT and RIGHT at once would clear a field.
      await systemClock.sleep(120);
      this.type(sequences[name]);
    }
  }

  /** What a row of the terminal shows. */
  row(index: number): string {
    return this.#term.buffer.active.getLine(index)?.translateToString(true) ?? '';
  }

  get text(): string {
    return Array.from({ length: 24 }, (_, index) => this.row(index)).join('\n');
  }

  /** The two lines of the display, joined. */
  get display(): string {
    return `${this.row(2).slice(2, 18).trim()} ${this.row(3).slice(2, 22).trim()}`.trim();
  }

  async sees(text: string | RegExp, timeoutMs = 30_000): Promise<void> {
    const matches = () => (typeof text === 'string' ? this.display.startsWith(text) : text.test(this.text));
    await until(`the console shows ${text}`, matches, timeoutMs).catch((error: unknown) => {
      throw new Error(`${error instanceof Error ? error.message : 'failed'}; it shows:\n${this.text}`);
    });
  }

  close(): void {
    this.#ending.abort(new Error('closed'));
    this.#link.close();
    this.#term.dispose();
  }
}
