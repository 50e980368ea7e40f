import type { SpaceName } from '../kernel-state.ts';
import { runIn, type Spaces } from './spaces.ts';
import type { RunTool } from './tool.ts';

/** Asks the link whether somebody has an IPv4 address (RFC 5227 section 2.1.1), for two seconds at most. True: it is taken. */
export async function isTaken(
  run: RunTool,
  spaces: Spaces,
  where: { readonly space: SpaceName; readonly device: string },
  address: string,
): Promise<boolean> {
  const probe = ['busybox', 'arping', '-D', '-c', '2', '-w', '2', '-I', where.device, address];
  const done = await run(runIn(spaces, where.space, probe));
  return /Unicast reply from|reply from/i.test(done.stdout);
}
