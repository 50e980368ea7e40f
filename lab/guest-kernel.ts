import { existsSync, readdirSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { mustRun } from '@picket/testkit/namespaces/run-command';

/** Debian's kernel for virtual machines: what a test boots where this machine's own kernel lacks something. */
const metaPackage = 'linux-image-cloud-amd64';
const folder = '/var/cache/picket-lab/guest-kernel';
const aptDeadlineMs = 300_000;

/** An unpacked kernel package; it is not installed on this machine. */
export interface GuestKernel {
  /** `6.1.0-57-cloud-amd64`. */
  readonly version: string;
  readonly image: string;
  /** Folder `kernel` with the modules. */
  readonly modules: string;
}

/** The kernel in the cache; null before {@link installGuestKernel}. */
export function guestKernel(): GuestKernel | null {
  const versions = existsSync(join(folder, 'lib/modules')) ? readdirSync(join(folder, 'lib/modules')) : [];
  const [version] = versions;
  if (version === undefined) return null;
  return {
    version,
    image: join(folder, 'boot', `vmlinuz-${version}`),
    modules: join(folder, 'lib/modules', version, 'kernel'),
  };
}

/**
 * Fetches the package and unpacks it into the cache (27 MB to fetch, 110 MB unpacked, once): apt verifies it, dpkg does not install it, so this machine's own
 * boot files stay as they are. Says why when it can't be had: tests that boot it are skipped then.
 */
export async function installGuestKernel(say: (line: string) => void): Promise<void> {
  if (guestKernel() !== null) return;
  const made = `${folder}.new`;
  await rm(made, { recursive: true, force: true });
  await mkdir(made, { recursive: true, mode: 0o755 });
  try {
    const depends = await mustRun(['apt-cache', 'depends', '--important', metaPackage]);
    const name = /Depends: (linux-image-[\w.+-]+)/.exec(depends)?.[1];
    if (name === undefined) throw new Error(`${metaPackage} names no kernel package`);
    say(`Fetching ${name} for tests in a virtual machine into ${folder} (once; 27 MB, unpacked only, not installed)`);
    await mustRun(['apt-get', '-o', 'APT::Sandbox::User=root', 'download', name], {
      cwd: made,
      timeoutMs: aptDeadlineMs,
    });
    const [archive = ''] = (await readdir(made)).filter((file) => file.endsWith('.deb'));
    await mustRun(['dpkg-deb', '-x', join(made, archive), made], { timeoutMs: aptDeadlineMs });
    await rm(join(made, archive));
    await rename(made, folder);
  } catch (error) {
    await rm(made, { recursive: true, force: true });
    const message = error instanceof Error ? error.message : String(error);
    say(`The kernel for virtual machines could not be had, tests that boot it are skipped: ${message.slice(-400)}`);
  }
}
