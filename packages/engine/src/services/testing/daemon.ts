import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Real daemons of Debian, started by hand in a temporary folder on free loopback ports and ended by their process id. Each
 * is identified twice: on its odd port, and as if it stood on its usual one (the dialer maps the port).
 */
export interface Daemon {
  readonly name: string;
  /** Debian package: its upstream version must be what is found, where `version` says so. */
  readonly dpkg: string;
  readonly program: string;
  readonly usualPort: number;
  readonly protocol?: 'udp';
  readonly tls?: true;
  readonly start: (
    port: number,
    folder: string,
  ) => { args: readonly string[]; env?: Record<string, string>; user?: string };
  readonly service: string;
  readonly product: string;
  readonly version?: true;
}

/** Writes a configuration file and gives its path. */
export function write(folder: string, name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** Makes a folder in a folder and gives its path. */
export function mkdirIn(folder: string, name: string): string {
  mkdirSync(join(folder, name));
  return join(folder, name);
}
