import { fileURLToPath } from 'node:url';
import { startDevServer } from './dev-server.ts';
import type { Mode } from './fixture-state.ts';

const modes: readonly Mode[] = ['signed-out', 'first-run', 'ready', 'empty'];
const mode = modes.find((one) => one === process.argv[2]) ?? 'ready';
const server = await startDevServer(
  fileURLToPath(new URL('../../dist', import.meta.url)),
  mode,
  Number(process.argv[3] ?? 0),
);
process.stdout.write(`${server.url} (${mode}); modes: ${modes.join(', ')}\n`);
