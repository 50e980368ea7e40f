import { jsonLog, systemClock } from '@picket/base/adapters/system';
import { replaceFile } from '../../daemon/adapters/private-files.ts';
import { runTool } from '../adapters/tool.ts';
import { readOptions, serve } from '../run.ts';

/**
 * The network helper, killed as by `kill -9` just before its nth act after it was armed: a program run or a file replaced. Armed by the environment variable
 * `DIE_AT` = n from the first settings that arrive on (the file of `DIE_WHEN` exists).
 */
const { DIE_AT = '0', DIE_WHEN = '' } = process.env;
const { existsSync } = await import('node:fs');
let acts = 0;

function act(what: string): void {
  if (!existsSync(DIE_WHEN)) return;
  acts += 1;
  process.stderr.write(`act ${acts}: ${what}\n`);
  if (acts === Number(DIE_AT)) process.kill(process.pid, 'SIGKILL');
}

await serve(
  readOptions(process.argv.slice(2)),
  {
    clock: systemClock,
    log: jsonLog((line) => process.stderr.write(line)),
    runTool: (argv, input) => {
      // Reading changes nothing; dying before it is dying after the act before.
      if (!/ (-json|grep|list|ethtool [^-])/.test(` ${argv.join(' ')}`)) act(argv.join(' '));
      return runTool(argv, input);
    },
    replaceFile: async (path, text) => {
      act(`write ${path}`);
      await replaceFile(path, text);
      act(`wrote ${path}`);
    },
  },
  new AbortController().signal,
);
