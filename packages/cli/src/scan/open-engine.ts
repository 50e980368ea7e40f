import { existsSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { jsonLog, systemClock, systemRandom } from '@picket/base/adapters/system';
import { userError } from '@picket/base/error';
import { silentLog } from '@picket/base/log';
import { loadServiceProbes } from '@picket/engine/adapters/service-probes-file';
import { openLocalEngine } from '@picket/engine/adapters/local-engine';
import type { EngineDeps } from '@picket/engine/run/run-job';
import type { UserProbes } from '@picket/engine/services/user-probes';
import { RefusedContent } from './refused-content.ts';
import type { ScanOptions } from './scan-options.ts';

/** The engine on this machine's sockets, with the content, the allow-list and the service probes that the options name. */
export async function openEngine(options: ScanOptions, tell: (line: string) => void): Promise<EngineDeps> {
  if (options.allowList !== null && !existsSync(options.allowList)) {
    throw userError('cli.allow-list', `The allow-list ${options.allowList} does not exist.`);
  }
  const userProbes = options.serviceProbes === null ? null : await loadServiceProbes(options.serviceProbes);
  if (userProbes) tell(describeProbes(userProbes));
  const log = process.env.PICKET_LOG === undefined ? silentLog : jsonLog((line) => process.stderr.write(line));
  const refused = new RefusedContent();
  const engine = await openLocalEngine({
    clock: systemClock,
    random: systemRandom,
    log: refused.hear(log),
    contentDirectory: options.services ? options.contentDir : null,
    templateDirectories: options.checks ? options.templateDirs : [],
    cacheDirectory: userFolder('XDG_CACHE_HOME', '.cache', 'templates'),
    loginTriesFile: userFolder('XDG_STATE_HOME', '.local/state', 'login-tries'),
    allowListFile: options.allowList,
    userProbes,
    askFragile: options.askFragile,
    oast: options.oast,
    names: options.names,
    winsServers: options.winsServers,
    mode: options.mode,
    packetOptions: {
      ...(options.sourcePort === null ? {} : { sourcePort: options.sourcePort }),
      ...(options.vlan === null ? {} : { vlan: options.vlan }),
    },
  });
  for (const line of refused.lines()) tell(line);
  return { ...engine, log };
}

/** A path in the user's own folders (XDG Base Directory Specification); null where there is no home. */
function userFolder(variable: string, below: string, name: string): string | null {
  const { [variable]: folder, HOME: home } = process.env;
  if (folder !== undefined && isAbsolute(folder)) return join(folder, 'picket', name);
  return home === undefined || home === '' ? null : join(home, below, 'picket', name);
}

function describeProbes({ file, matcher }: UserProbes): string {
  const lines = file.probes.reduce((sum, probe) => sum + probe.matches.length, 0);
  const left = matcher.unusable.length + file.problems.length;
  const rest = left === 0 ? '' : `; ${left} lines can't be used, "picket fingerprint probes FILE" lists them`;
  return `service probes given: ${file.probes.length}, with ${lines - matcher.unusable.length} usable matches${rest}`;
}
