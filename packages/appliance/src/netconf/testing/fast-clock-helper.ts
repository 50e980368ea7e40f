import { jsonLog, systemClock } from '@picket/base/adapters/system';
import { replaceFile } from '../../daemon/adapters/private-files.ts';
import { runTool } from '../adapters/tool.ts';
import { readOptions, serve } from '../run.ts';

/**
 * The network helper with a monotonic clock that runs faster (`PACE` times): what nobody confirms is taken back within seconds instead of minutes. Nothing
 * else of it is changed; it sleeps as long as ever.
 */
const pace = Number(process.env.PACE ?? '1');

await serve(
  readOptions(process.argv.slice(2)),
  {
    clock: {
      now: () => systemClock.now(),
      monotonic: () => systemClock.monotonic() * pace,
      sleep: (milliseconds, signal) => systemClock.sleep(milliseconds, signal),
    },
    log: jsonLog((line) => process.stderr.write(line)),
    runTool,
    replaceFile,
  },
  new AbortController().signal,
);
