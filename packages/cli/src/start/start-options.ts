import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

/** Options of `npm start`. */
export interface StartOptions {
  /** Absolute. Everything that Picket keeps on this machine is below it. */
  readonly dataDirectory: string;
  readonly listen: string;
  readonly port: number;
  /** Scan these instead of this machine's loopback. */
  readonly targets: string | null;
  /** Answers the question before such a scan. */
  readonly yes: boolean;
}

export const startUsage = `Usage: npm start [-- OPTIONS]

Starts the platform with its embedded database and an appliance on this machine, makes a first map and scan of this
machine (127.0.0.1 and ::1 only), and prints where to sign in. Ctrl-C stops everything.

  --data DIR       folder for everything that Picket keeps (default .picket)
  --port N         TCP port of the platform (default 8443)
  --listen ADDR    address to listen on (default 127.0.0.1: this machine only)
  --targets LIST   scan these too: shows addresses, packets and rate, then asks
  --yes            do not ask
  --help           this text

DATABASE_URL=postgres://... uses a PostgreSQL server (15 or newer) instead of the embedded database.
`;

/** Reads the arguments; the error is a sentence. */
export function parseStartOptions(
  args: readonly string[],
  cwd: string,
): StartOptions | 'help' | { readonly error: string } {
  try {
    const { values } = parseArgs({
      args: [...args],
      allowPositionals: false,
      options: {
        data: { type: 'string', default: '.picket' },
        port: { type: 'string', default: '8443' },
        listen: { type: 'string', default: '127.0.0.1' },
        targets: { type: 'string' },
        yes: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) return 'help';
    const port = Number(values.port);
    if (!/^[0-9]{1,5}$/.test(values.port) || port > 65_535)
      return { error: `--port must be a number from 0 to 65535, not "${values.port}".` };
    return {
      dataDirectory: resolve(cwd, values.data),
      listen: values.listen,
      port,
      targets: values.targets ?? null,
      yes: values.yes,
    };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}
