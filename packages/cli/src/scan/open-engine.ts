import { existsSync } from 'node:fs';
import { jsonLog, systemClock, systemRandom } from '@picket/base/adapters/system';
import { userError } from '@picket/base/error';
import { silentLog } from '@picket/base/log';
import { openLocalEngine } from '@picket/engine/adapters/local-engine';
import type { EngineDeps } from '@picket/engine/run/run-job';
import type { ScanOptions } from './scan-options.ts';

/** The engine on this machine's sockets, with the content and the allow-list that the options name. */
export async function openEngine(options: ScanOptions): Promise<EngineDeps> {
  if (options.allowList !== null && !existsSync(options.allowList)) {
    throw userError('cli.allow-list', `The allow-list ${options.allowList} does not exist.`);
  }
  const log = process.env.PICKET_LOG === undefined ? silentLog : jsonLog((line) => process.stderr.write(line));
  return openLocalEngine({
    clock: systemClock,
    random: systemRandom,
    log,
    contentDirectory: options.services ? options.contentDir : null,
    allowListFile: options.allowList,
  });
}
