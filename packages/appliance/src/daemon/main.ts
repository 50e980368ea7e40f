import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

/*
 * The daemon as a process; options and exit codes: `run.ts`. Node keeps compiled code in the state directory, so that
 * from the second start on it needs neither the time nor the memory (14 MB) of reading the sources. A NODE_COMPILE_CACHE
 * that is set from outside goes before, and saves 14 MB more.
 */
const at = process.argv.indexOf('--state');
const stateDirectory = at < 0 ? undefined : process.argv[at + 1];
if (stateDirectory !== undefined) enableCompileCache(join(stateDirectory, 'cache', 'daemon'));

const { run } = await import('./run.ts');
const { exitCodeOf, explain } = await import('./exit.ts');
await run(process.env).catch((error: unknown) => {
  process.stderr.write(`${JSON.stringify({ level: 'error', event: 'daemon.exit', message: explain(error) })}\n`);
  process.exitCode = exitCodeOf(error);
});
// Ended instead of left to end by itself: Node's own clearing away can wait, spinning, for a broken connection whose close never comes.
process.stdout.write('', () => process.stderr.write('', () => process.exit()));
