import { stat } from 'node:fs/promises';
import { systemClock, systemRandom } from '@picket/base/adapters/system';
import { userError } from '@picket/base/error';
import type { CompiledCheck } from '@picket/checks/check';
import { folderFiles } from '@picket/engine/adapters/folder-files';
import { nodeSockets } from '@picket/engine/adapters/node-sockets';
import { scriptThreads } from '@picket/engine/adapters/script-thread';
import type { CheckResult } from '@picket/engine/checks/check-run';
import { runSingleCheck } from '@picket/engine/checks/run-single';
import { profiles } from '@picket/plan/profile';

/** Runs a template that looks into files over a folder or one file of this machine. No address can be reached meanwhile. */
export async function runOnFiles(
  check: CompiledCheck,
  options: { readonly path: string; readonly intrusive: boolean },
  signal: AbortSignal,
): Promise<CheckResult> {
  const { path, intrusive } = options;
  const found = await stat(path).catch(() => null);
  if (found === null)
    throw userError(
      'cli.target-invalid',
      `The template ${check.id} looks into files, and there is no file or folder ${path}.`,
      'Give a folder or a file with --target.',
    );
  const endpoint = { address: '127.0.0.1', name: null, port: 0, tls: false };
  return runSingleCheck(
    { check, endpoint, protocol: 'tcp', intrusive, profile: profiles.normal, signal },
    {
      sockets: nodeSockets(),
      clock: systemClock,
      random: systemRandom,
      localAllowList: null,
      around: { scripts: scriptThreads(), files: folderFiles(path) },
    },
  );
}
