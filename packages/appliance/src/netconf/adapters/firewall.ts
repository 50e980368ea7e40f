import { firewallFingerprint } from '../diff-network.ts';
import type { SpaceName } from '../kernel-state.ts';
import { runIn, type Spaces } from './spaces.ts';
import type { RunTool } from './tool.ts';

/** Name of our table; tables of others are left alone. */
const table = 'inet picket';
const mark = 'ruleset_';

/** Fingerprint of the ruleset that is loaded in a space, kept as the name of a counter in it; null without one. */
export async function loadedFirewall(run: RunTool, spaces: Spaces, space: SpaceName): Promise<string | null> {
  const done = await run(runIn(spaces, space, ['nft', 'list', 'counters', 'table', ...table.split(' ')]));
  return new RegExp(`counter ${mark}([0-9a-f]{16})`).exec(done.stdout)?.[1] ?? null;
}

/** Replaces our table in one transaction: at no time is it open. Returns what nft said against it, or null. */
export async function loadFirewall(
  run: RunTool,
  spaces: Spaces,
  space: SpaceName,
  ruleset: string,
): Promise<string | null> {
  const text = `add table ${table}\ndelete table ${table}\ntable ${table} {\ncounter ${mark}${firewallFingerprint(ruleset)} { }\n${ruleset}}\n`;
  const done = await run(runIn(spaces, space, ['nft', '-f', '-']), text);
  return done.code === 0 ? null : done.stderr.trim();
}
