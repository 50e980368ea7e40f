import { PicketError } from '@picket/base/error';
import { run } from './run.ts';

await run(process.argv.slice(2)).catch((error: unknown) => {
  const known = error instanceof PicketError ? error : null;
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(
    `${JSON.stringify({ level: 'error', event: 'network.exit', code: known?.code, message, hint: known?.hint })}\n`,
  );
  process.exitCode = known?.kind === 'user' ? 2 : 1;
});
