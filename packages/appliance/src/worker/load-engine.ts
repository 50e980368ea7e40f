import { existsSync } from 'node:fs';
import { userError } from '@picket/base/error';
import type { Log } from '@picket/base/log';
import type { Random } from '@picket/base/random';
import { openLocalEngine } from '@picket/engine/adapters/local-engine';
import { runJob } from '@picket/engine/run/run-job';
import type { WorkerDeps } from './session.ts';

export interface EngineSource {
  /** Null: this appliance has no list. A list that was named and is gone allows nothing. */
  readonly allowListFile: string | null;
  /** IPv4 addresses of WINS servers. */
  readonly winsServers?: readonly string[];
  readonly contentDirectory: string | null;
  /** Folders of templates that run beside the content. */
  readonly templateDirectories?: readonly string[];
  readonly cacheDirectory?: string | null;
  readonly loginTriesFile?: string | null;
  readonly random: Random;
  readonly log: Log;
}

/** The engine on this machine's sockets, with this appliance's allow-list and content. Files are read when a job begins. */
export function loadEngine(source: EngineSource): WorkerDeps['run'] {
  return async function* run(job, clock, control) {
    if (source.allowListFile !== null && !existsSync(source.allowListFile)) {
      throw userError(
        'appliance.allow-list-missing',
        `The allow-list ${source.allowListFile} of this appliance does not exist; nothing was scanned.`,
        'Restore it, or start the appliance without --allow-list.',
      );
    }
    const needsContent = job.phases.includes('services') || job.phases.includes('checks');
    const deps = await openLocalEngine({
      ...source,
      clock,
      contentDirectory: needsContent ? source.contentDirectory : null,
    });
    return yield* runJob(job, deps, control);
  };
}
