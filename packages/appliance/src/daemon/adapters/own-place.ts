import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { readLayout } from '../../netconf/adapters/read-layout.ts';
import type { NetworkLayout } from '../../netconf/network-layout.ts';
import { networkOf, spaceCommand } from '../../netconf/space-command.ts';

/** The part of the network that this process is in, and the one that management has now. */
export interface OwnPlace {
  /** Management has gone to another part of the network than this process is in. */
  readonly isLeft: () => boolean;
  /** This process may go after it: it is root, and the new part can be entered. */
  readonly mayMove: () => boolean;
  /** Becomes the same program, with these arguments, in the part of the network that management has now. Does not return. */
  readonly move: (args: readonly string[]) => never;
}

/** Reads the layout that the network helper last wrote into `runFolder`; undefined: where an appliance has it. */
export function ownPlace(runFolder: string | undefined): OwnPlace {
  const before = readLayout(runFolder)?.split;
  const layout = () => {
    const now = readLayout(runFolder);
    if (now === null) throw new Error('there is no layout of the network');
    return now;
  };
  return {
    isLeft: () => {
      const now = readLayout(runFolder);
      if (now === null) return false;
      return !(sameNetwork(now) ?? (before === undefined || now.split === before));
    },
    mayMove: () => process.geteuid?.() === 0 && canEnter(layout()),
    move: (args) => {
      const argv = [process.execPath, ...process.execArgv, ...args];
      if (process.execve === undefined) throw new Error('this Node can not replace its own process; use version 24');
      return process.execve('/usr/bin/nsenter', spaceCommand({ ...layout(), role: 'management', argv }), process.env);
    },
  };
}

/** Null: it can't be told. */
function sameNetwork(layout: NetworkLayout): boolean | null {
  try {
    const [own, wanted] = [statSync('/proc/self/ns/net'), statSync(networkOf({ ...layout, role: 'management' }))];
    return own.ino === wanted.ino && own.dev === wanted.dev;
  } catch {
    return null;
  }
}

/** What can't be entered is seen before this process has given itself up. */
function canEnter(layout: NetworkLayout): boolean {
  const network = networkOf({ ...layout, role: 'management' });
  return spawnSync('/usr/bin/nsenter', [`--net=${network}`, 'true'], { timeout: 10_000 }).status === 0;
}
