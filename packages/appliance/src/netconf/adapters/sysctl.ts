import type { SpaceName } from '../kernel-state.ts';
import { runIn, type Spaces } from './spaces.ts';
import type { RunTool } from './tool.ts';

/** Values of paths below /proc/sys inside a space. What is not there is left out. */
export async function readSysctls(
  run: RunTool,
  spaces: Spaces,
  space: SpaceName,
  paths: readonly string[],
): Promise<Map<string, string>> {
  const values = new Map<string, string>();
  if (paths.length === 0) return values;
  const files = paths.map((path) => `/proc/sys/${path}`);
  const done = await run(runIn(spaces, space, ['grep', '-sH', '', ...files]));
  for (const line of done.stdout.split('\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) values.set(line.slice('/proc/sys/'.length, colon), line.slice(colon + 1));
  }
  return values;
}

/** Sets them; returns what the kernel said against it, or null. */
export async function writeSysctls(
  run: RunTool,
  spaces: Spaces,
  space: SpaceName,
  values: readonly { readonly path: string; readonly value: string }[],
): Promise<string | null> {
  const words = values.map(({ path, value }) => `${path}=${value}`);
  const done = await run(runIn(spaces, space, ['busybox', 'sysctl', '-q', '-w', ...words]));
  return done.code === 0 ? null : done.stderr.trim();
}
