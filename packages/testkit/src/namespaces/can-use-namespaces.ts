import { spawnSync } from 'node:child_process';

/** Whether network namespaces can be made here; `reason` is what a skipped test prints. */
export type NamespaceSupport = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/**
 * Probes for everything the namespace harness needs: Linux, root, the `ip` and `unshare` programs, and a kernel (or container) that lets
 * root make a network namespace. Leaves nothing behind: the probed namespace dies with its process.
 */
export function canUseNamespaces(): NamespaceSupport {
  if (process.platform !== 'linux') {
    return { ok: false, reason: `network namespaces need Linux; this is ${process.platform}` };
  }
  if (process.getuid?.() !== 0) return { ok: false, reason: 'network namespaces need root' };
  if (spawnSync('ip', ['-V'], { stdio: 'ignore' }).status !== 0) {
    return { ok: false, reason: 'the program "ip" is missing; install the package iproute2' };
  }
  const probe = spawnSync('unshare', ['--net', '--mount', '--pid', '--fork', 'ip', 'link', 'show', 'lo'], {
    encoding: 'utf8',
    timeout: 10_000,
  });
  if (probe.error !== undefined)
    return { ok: false, reason: `the program "unshare" cannot run: ${probe.error.message}` };
  if (probe.status !== 0) {
    return { ok: false, reason: `this kernel or container refuses network namespaces: ${probe.stderr.trim()}` };
  }
  return { ok: true };
}
