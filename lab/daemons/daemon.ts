/** Where a daemon lives: `folder` is its own, on this machine and (bound) in the host, `certificates` is shared by the lab. */
export interface Place {
  readonly folder: string;
  readonly certificates: string;
}

/** What it takes to run a daemon: files to write first (path relative to its folder), commands to run first, and its command line. */
export interface DaemonSetup {
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** Folders to make, relative to its folder. */
  readonly folders?: readonly string[];
  /** Commands that run inside the host one after another before the daemon, each with success. */
  readonly prepare?: readonly (readonly string[])[];
  /** The daemon in the foreground. */
  readonly argv: readonly string[];
}

/** A daemon of a lab host: a name that is unique on its host, and the pure function that says how to run it. */
export interface Daemon {
  readonly name: string;
  readonly setup: (place: Place) => DaemonSetup;
}

/** Command line that runs a program as another user (and the group of that name), without a shell or a log-in. */
export function asUser(user: string, argv: readonly string[], group = user): readonly string[] {
  return ['setpriv', `--reuid=${user}`, `--regid=${group}`, '--init-groups', '--', ...argv];
}
