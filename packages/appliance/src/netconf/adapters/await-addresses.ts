import type { Clock } from '@picket/base/clock';
import { z } from 'zod';
import type { SpaceName } from '../kernel-state.ts';
import { ipIn, type Spaces } from './spaces.ts';
import type { RunTool } from './tool.ts';

/** Detection takes a second (RFC 4862 section 5.1: one question, one second), and up to one more before it begins. Milliseconds. */
const mostMs = 3000;
const lookMs = 100;

/** `ip -json addr show tentative`; interfaces without such an address are empty objects. */
const tentativeJson = z.array(
  z.object({
    ifname: z.string().optional(),
    flags: z.array(z.string()).default([]),
    addr_info: z
      .array(
        z.object({ local: z.string().optional(), prefixlen: z.int().optional(), dadfailed: z.boolean().optional() }),
      )
      .default([]),
  }),
);

/**
 * Waits, for three seconds at most, until duplicate address detection is over for the wanted addresses (`vlan5 fd00::7/64`) of a space: they can't be used
 * before. What has no carrier is not waited for: nobody can answer there.
 */
export async function awaitAddresses(
  run: RunTool,
  spaces: Spaces,
  clock: Clock,
  space: SpaceName,
  wanted: ReadonlySet<string>,
): Promise<void> {
  const end = clock.monotonic() + mostMs;
  while (clock.monotonic() < end) {
    const done = await run([...ipIn(spaces, space), '-json', '-6', 'addr', 'show', 'tentative']);
    const parsed = done.code === 0 ? tentativeJson.safeParse(JSON.parse(done.stdout || '[]')) : null;
    const waiting = (parsed?.data ?? []).some(
      ({ ifname, flags, addr_info: addresses }) =>
        flags.includes('LOWER_UP') &&
        addresses.some(
          ({ local, prefixlen, dadfailed }) => dadfailed !== true && wanted.has(`${ifname} ${local}/${prefixlen}`),
        ),
    );
    if (!waiting) return;
    await clock.sleep(lookMs);
  }
}
