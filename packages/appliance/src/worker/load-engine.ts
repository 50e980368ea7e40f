import type { Log } from '@picket/base/log';
import type { Random } from '@picket/base/random';
import { loadAllowList } from '@picket/engine/adapters/allow-list-file';
import { nodeSockets } from '@picket/engine/adapters/node-sockets';
import { runJob } from '@picket/engine/run-job';
import type { WorkerDeps } from './session.ts';

export interface EngineSource {
  readonly allowListFile: string | null;
  readonly contentDirectory: string | null;
  readonly random: Random;
  readonly log: Log;
}

/** The engine on this machine's sockets, with this appliance's allow-list and content. Files are read when a job begins. */
export function loadEngine(source: EngineSource): WorkerDeps['run'] {
  return async function* run(job, clock, control) {
    const allowed = source.allowListFile === null ? { ranges: null } : await loadAllowList(source.allowListFile);
    if (allowed.error !== undefined) source.log.write('error', 'allow-list.unusable', { detail: allowed.error });
    const { random, log } = source;
    const deps = { clock, random, log, sockets: nodeSockets(), resolver: null, identify: null, checks: null };
    return yield* runJob(job, { ...deps, localAllowList: allowed.ranges }, control);
  };
}
