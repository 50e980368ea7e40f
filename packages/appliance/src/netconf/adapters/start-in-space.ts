import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { layoutFile, networkLayout } from '../network-layout.ts';
import { spaceCommand } from '../space-command.ts';

/**
 * Starts a program in the part of the network that its role has: `--role scan|management [--run DIR] -- PROGRAM ARGUMENTS`. This process becomes that
 * program: same process id, signals and exit code. Needs root, and a network helper that has run.
 */
function start(args: readonly string[]): never {
  const end = args.indexOf('--');
  const argv = end < 0 ? [] : args.slice(end + 1);
  const option = { type: 'string' } as const;
  const { values } = parseArgs({ args: args.slice(0, Math.max(0, end)), options: { role: option, run: option } });
  const role = z.enum(['scan', 'management']).safeParse(values.role);
  if (!role.success || argv.length === 0)
    throw new Error('usage: --role scan|management [--run DIR] -- PROGRAM ARGUMENTS');
  const layout = networkLayout.parse(JSON.parse(readFileSync(layoutFile(values.run ?? '/run/picket'), 'utf8')));
  const command = spaceCommand({ ...layout, role: role.data, argv });
  if (process.execve === undefined) throw new Error('this Node can not replace its own process; use version 24');
  return process.execve('/usr/bin/nsenter', command, process.env);
}

try {
  start(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`not started: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
