import { silentLog } from '@picket/base/log';
import { systemClock, systemRandom } from '@picket/base/adapters/system';
import { userError } from '@picket/base/error';
import { loadAllowList } from '@picket/engine/adapters/allow-list-file';
import { nodeSockets } from '@picket/engine/adapters/node-sockets';
import type { EngineDeps } from '@picket/engine/run-job';
import { createIdentifyService } from '@picket/engine/services/identify';
import { udpPayloads } from '@picket/engine/services/udp-payloads';
import type { ScanOptions } from './scan-options.ts';

/** The engine on this machine's sockets, with the content and the allow-list that the options name. */
export async function openEngine(options: ScanOptions): Promise<EngineDeps> {
  return {
    clock: systemClock,
    random: systemRandom,
    log: silentLog,
    sockets: nodeSockets(),
    resolver: null,
    identify: options.services ? createIdentifyService({ fingerprints: null }) : null,
    checks: null,
    udpPayloads: udpPayloads(),
    localAllowList: options.allowList === null ? null : await allowList(options.allowList),
  };
}

async function allowList(path: string): Promise<EngineDeps['localAllowList']> {
  const loaded = await loadAllowList(path);
  if (loaded.error !== undefined) throw userError('cli.allow-list', loaded.error);
  if (loaded.ranges === null) throw userError('cli.allow-list', `The allow-list ${path} does not exist.`);
  return loaded.ranges;
}
