import { systemClock } from '@picket/base/adapters/system';
import { describeError, PicketError } from '@picket/base/error';
import { Command, CommanderError } from 'commander';
import { applianceCommand } from './commands/appliance-command.ts';
import { contentCommand } from './commands/content-command.ts';
import { doctorCommand } from './commands/doctor-command.ts';
import { featureCommand } from './commands/feature-command.ts';
import { proxyFileCommand } from './commands/proxy-file-command.ts';
import { fingerprintCommand } from './commands/fingerprint-command.ts';
import { platformCommand } from './commands/platform-command.ts';
import { releaseCommand } from './commands/release-command.ts';
import { scanCommand } from './commands/scan-command.ts';
import { statusCommand } from './commands/status-command.ts';
import { userCommand } from './commands/user-command.ts';
import { exitCode } from './exit-code.ts';
import { openEngine } from './scan/open-engine.ts';
import { runScan } from './scan/run-scan.ts';
import { joinOutputWords, type ScanOptions } from './scan/scan-options.ts';
import { processOutput } from './terminal/output.ts';
import { version } from './version.ts';

const output = processOutput();
const interrupt = new AbortController();

/** Signals within this time are one Ctrl-C that came by several ways, milliseconds. */
const sameInterruptMs = 500;
let interruptedAt = Number.NEGATIVE_INFINITY;

/** The first Ctrl-C cancels in order, a second one ends at once. */
function onInterrupt(): void {
  const now = systemClock.monotonic();
  if (interrupt.signal.aborted && now - interruptedAt > sameInterruptMs) process.exit(exitCode.incomplete);
  if (!interrupt.signal.aborted) interruptedAt = now;
  interrupt.abort(new Error('interrupted'));
}

const end = (code: number) => {
  process.exitCode = code;
};

async function scan(options: ScanOptions): Promise<void> {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onInterrupt);
  const context = {
    output,
    clock: systemClock,
    version,
    args: `picket ${process.argv.slice(2).join(' ')}`,
    engine: openEngine,
    signal: interrupt.signal,
  };
  end(await runScan(options, context));
  process.stdout.write('', endNow);
}

/**
 * Called when all output is out; every socket and file is closed by then. The process is ended instead of left to end by itself:
 * Node's own clearing away at a natural end waits, spinning, for a handle of a broken connection whose close never comes.
 */
function endNow(): void {
  process.exit();
}

/** The whole command line; every subcommand reports its own exit code. */
function picket(): Command {
  const program = new Command('picket')
    .description('Finds the weaknesses in your own networks. "picket COMMAND --help" says more of each command.')
    .version(version)
    .showHelpAfterError('(add --help for what can be written)')
    .exitOverride();
  for (const command of [
    scanCommand('scan', scan),
    scanCommand('map', scan),
    platformCommand(end),
    applianceCommand(output, end),
    doctorCommand(output, end),
    userCommand(output, end),
    featureCommand(output, end),
    proxyFileCommand(output, end),
    statusCommand(output, end),
    fingerprintCommand(output, end),
    contentCommand(output, end, interrupt.signal),
    releaseCommand(output, end),
  ]) {
    program.addCommand(command);
    for (const each of [command, ...command.commands]) each.exitOverride().copyInheritedSettings(program);
  }
  return program;
}

try {
  await picket().parseAsync(joinOutputWords(process.argv.slice(2)), { from: 'user' });
} catch (error) {
  if (error instanceof CommanderError) end(error.exitCode === 0 ? exitCode.clean : exitCode.usage);
  else {
    output.err(
      `picket: ${describeError(error)}${error instanceof PicketError && error.hint ? ` ${error.hint}` : ''}\n`,
    );
    end(exitCode.failure);
  }
}
