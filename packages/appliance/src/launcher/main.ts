import { exitCodeOf, explain } from '../daemon/exit.ts';
import { run } from './run.ts';

/* The launcher as a process; options and exit codes: `run.ts`. It belongs to the installation and is not updated. */
process.exitCode = await run(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${JSON.stringify({ level: 'error', event: 'launcher.exit', message: explain(error) })}\n`);
  return exitCodeOf(error);
});
// The standard input of a daemon that was killed may still be on its way out.
process.exit();
