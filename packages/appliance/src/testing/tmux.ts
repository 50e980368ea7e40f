import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { systemClock } from '@picket/base/adapters/system';

const run = promisify(execFile);

/** A tmux server of its own: a real terminal with a program in it, for large tests. */
export class Tmux {
  readonly #server: string;

  private constructor(server: string) {
    this.#server = server;
  }

  static get present(): boolean {
    return spawnSync('tmux', ['-V']).status === 0;
  }

  /** `command` runs without a shell in between; `name` tells servers of one test apart. */
  static async start(name: string, size: { columns: number; rows: number }, command: readonly string[]): Promise<Tmux> {
    const tmux = new Tmux(`picket-${process.pid}-${name}`);
    const dimensions = ['-x', String(size.columns), '-y', String(size.rows)];
    await tmux.#tmux('-f', '/dev/null', 'new-session', '-d', ...dimensions, 'env', 'TERM=screen', ...command);
    await tmux.#tmux('set-option', '-g', 'status', 'off');
    return tmux;
  }

  /** Keys as tmux names them, or text. */
  async press(...names: readonly string[]): Promise<void> {
    await this.#tmux('send-keys', ...names);
  }

  /** What the terminal shows now. */
  screen(): Promise<string> {
    return this.#tmux('capture-pane', '-p');
  }

  /** Waits until the terminal shows `text`, looking ten times a second; fails with what it shows instead. */
  async sees(text: string, timeoutMs = 60_000): Promise<void> {
    const end = performance.now() + timeoutMs;
    for (;;) {
      const shown = await this.screen();
      if (shown.includes(text)) return;
      if (performance.now() > end)
        throw new Error(`not within ${timeoutMs} ms: ${text}; the terminal shows:\n${shown}`);
      await systemClock.sleep(100);
    }
  }

  async stop(): Promise<void> {
    await this.#tmux('kill-server').catch(() => {});
  }

  async #tmux(...args: readonly string[]): Promise<string> {
    const { stdout } = await run('tmux', ['-L', this.#server, ...args]);
    return stdout;
  }
}
