import type { SpaceName } from '../kernel-state.ts';

/** Which network namespaces stand for the two spaces. */
export interface Spaces {
  /** Null: the one this process is in. */
  readonly scan: string | null;
  readonly management: string;
}

/** The start of an `ip` command that works on a space. */
export function ipIn(spaces: Spaces, space: SpaceName): string[] {
  const name = spaces[space];
  return name === null ? ['ip'] : ['ip', '-n', name];
}

/** A program that runs inside a space. */
export function runIn(spaces: Spaces, space: SpaceName, argv: readonly string[]): string[] {
  const name = spaces[space];
  return name === null ? [...argv] : ['ip', 'netns', 'exec', name, ...argv];
}
