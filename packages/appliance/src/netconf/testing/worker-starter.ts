import { workerLauncher } from '../../daemon/adapters/worker-process.ts';
import { readLayout } from '../adapters/read-layout.ts';

/**
 * Stands in for a daemon that runs as a user of its own: starts a worker (second argument) as the layout in the helper's folder (first argument) says, hears
 * where it is, ends it, and prints both.
 */
const [runFolder = '', worker = ''] = process.argv.slice(2);
const launch = workerLauncher(
  worker,
  () => [],
  null,
  () => readLayout(runFolder),
);
let said = 'nothing';
const handle = launch({
  onMessage: (message) => {
    said = message.type === 'refused' ? message.message : message.type;
    handle.kill();
  },
  onExit: (how) => process.stdout.write(`${JSON.stringify({ uid: process.getuid?.(), said, how })}\n`),
});
