import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { parseArgs } from 'node:util';
import { jsonLog, systemClock } from '@picket/base/adapters/system';
import { consoleSocketName } from '../local/console-messages.ts';
import { bootPhases } from './machine/console-event.ts';
import { daemonLink } from './adapters/daemon-link.ts';
import { lcddPanel } from './adapters/lcdd-panel.ts';
import { ConsoleSession } from './process/console-session.ts';
import { type TerminalOutput, TerminalView } from './process/terminal-view.ts';

/*
 * The console as a process on the terminal that it is started on. It talks to the daemon's local socket and to nothing else, but for a
 * front panel: --lcd HOST:PORT is LCDproc's LCDd (its port is 13666), which belongs on this machine.
 * Options: --state DIR (of the daemon), --lcd HOST:PORT, --lines graphics|ascii, --boot FILE (holds one word of `bootPhases`, written by
 * what starts the machine; shown until the daemon answers). Without a terminal on standard input only the panel is
 * served. Ctrl-C ends it, Ctrl-L draws anew. Log: standard error, when that is not the terminal.
 */
/** How often the word of the boot is read, milliseconds. */
const bootMs = 500;

const { values } = parseArgs({
  options: { state: { type: 'string' }, lcd: { type: 'string' }, lines: { type: 'string' }, boot: { type: 'string' } },
});
if (values.state === undefined) {
  process.stderr.write('The console needs --state and the state directory of the appliance.\n');
  process.exit(2);
}
const log = jsonLog((line) => {
  if (!process.stderr.isTTY) process.stderr.write(line);
});
const ending = new AbortController();
const hasTerminal = process.stdin.isTTY && process.stdout.isTTY;
const output: TerminalOutput = {
  write: (bytes) => process.stdout.write(bytes),
  onceDrained: (then) => void process.stdout.once('drain', then),
  size: () => ({ columns: process.stdout.columns ?? 0, rows: process.stdout.rows ?? 0 }),
};
// Not all that call themselves terminals draw line graphics: the Linux console in UTF-8 mode shows letters.
const lines = values.lines === 'graphics' ? 'graphics' : 'ascii';
const view = hasTerminal ? new TerminalView(output, lines) : null;
const panel = values.lcd === undefined ? null : openPanel(values.lcd);
const session: ConsoleSession = new ConsoleSession({
  clock: systemClock,
  view,
  mayBeBlank: hasTerminal && (process.stdout.columns ?? 0) === 0,
  showOnPanel: (display) => panel?.show(display),
  send: (request) => link.send(request),
  onInterrupt: () => ending.abort(new Error('interrupted')),
});
const link = daemonLink(join(values.state, consoleSocketName), {
  onMessage: (message) => session.daemonSays(message),
  onGone: () => {
    session.daemonIsGone();
    if (session.state.boot === 'welcome') session.boot('starting');
  },
});

function openPanel(at: string) {
  const [host = '127.0.0.1', port = '13666'] = at.split(':');
  return lcddPanel(
    { host, port: Number(port) },
    {
      onKey: (key) => session.key(key),
      onTrouble: (reason) => log.write('warning', 'panel.refused', { reason }),
    },
  );
}

if (hasTerminal) {
  const decoder = new StringDecoder('utf8');
  process.stdin.setRawMode(true);
  process.stdin.on('data', (bytes: Buffer) => session.input(decoder.write(bytes)));
  process.stdin.on('end', () => ending.abort(new Error('the terminal is gone')));
  process.stdin.on('error', () => ending.abort(new Error('the terminal is gone')));
  process.stdout.on('error', () => ending.abort(new Error('the terminal is gone')));
  process.stdout.on('resize', () => session.resized());
}
if (!hasTerminal && panel === null) {
  process.stderr.write('The console needs a terminal, or --lcd and the address of LCDd.\n');
  process.exit(2);
}
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
  process.on(signal, () => ending.abort(new Error(signal)));

if (values.boot !== undefined) void followBoot(values.boot);

/** How far the start of the machine has come, as long as the daemon does not speak for itself. */
async function followBoot(path: string): Promise<void> {
  while (!ending.signal.aborted && session.state.boot !== null) {
    const word = (await readFile(path, 'utf8').catch(() => '')).trim();
    const phase = bootPhases.find((each) => each === word);
    if (phase !== undefined && session.state.boot !== null) session.boot(phase);
    await systemClock.sleep(bootMs, ending.signal).catch(() => {});
  }
}

await session.run(ending.signal);
link.close();
panel?.close();
view?.leave();
if (hasTerminal) process.stdin.setRawMode(false);
process.exit(0);
