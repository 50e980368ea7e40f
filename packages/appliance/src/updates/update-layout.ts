import { join } from 'node:path';
import type { ReleaseKind } from '@picket/contracts/release/release-version';

/**
 * What lies in the folder of updates, which is `updates` in the state directory unless the configuration names another:
 *
 *     incoming/SHA256.part        what was downloaded of a bundle
 *     versions/KIND/VERSION/      its files; VERSION.sha256 names the bundle, VERSION.partial is being written
 *     current/KIND                link to the version in use; without one that of the installation is used
 *     content.json                record of content, written by the daemon
 *     software.json               record of software, written by the launcher
 *     software-refused.json       what the daemon refused of software before it was tried
 *     software-next.json          what the daemon asks the launcher to try
 *     called-home                 version that reached the platform since it was started
 */
export function updatesFolder(config: {
  readonly stateDirectory: string;
  readonly updatesDirectory: string | null;
}): string {
  return config.updatesDirectory ?? join(config.stateDirectory, 'updates');
}

export function currentLink(root: string, kind: ReleaseKind): string {
  return join(root, 'current', kind);
}
