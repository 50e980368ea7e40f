import { resolve } from 'node:path';
import { Command } from 'commander';
import { dataLayout } from '../data-layout.ts';
import { programs } from '../programs.ts';
import { runForeground } from './process-command.ts';

const help = `
DATABASE_URL=postgres://user:password@host/name uses a PostgreSQL server (15 or newer). Without it an embedded database is
used: good for evaluation, not for production, because it does not sync to disk.

The first start prints a one-time password for the first Manager.`;

/** `picket platform`: the platform in the foreground. */
export function platformCommand(end: (code: number) => void): Command {
  return new Command('platform')
    .description('run the platform: API, web interface, database')
    .option('--data <dir>', 'data folder', '.picket')
    .option('--listen <address>', 'address to listen on', '127.0.0.1')
    .option('--port <number>', 'TCP port', '8443')
    .option('--public-url <url>', 'origin under which browsers and appliances reach it')
    .option('--tls-cert <file>', 'PEM chain of an own certificate (default: own certificate authority)')
    .option('--tls-key <file>', 'PEM key of that certificate')
    .option(
      '--templates <dir>',
      'list the templates of this folder among the checks too; appliances get it by their own --templates (may be repeated)',
      (folder: string, known: string[]) => [...known, folder],
      [],
    )
    .addHelpText('after', help)
    .action(async ({ templates, ...options }: Record<string, string> & { templates: string[] }) => {
      const layout = dataLayout(resolve(options.data ?? '.picket'));
      const flags: readonly (readonly [string, string | undefined])[] = [
        ['--data', layout.platform],
        ['--listen', options.listen],
        ['--port', options.port],
        ['--public-url', options.publicUrl],
        ['--tls-cert', options.tlsCert],
        ['--tls-key', options.tlsKey],
      ];
      const args = flags.flatMap(([flag, value]) => (value === undefined ? [] : [flag, value]));
      for (const folder of templates) args.push('--templates', resolve(folder));
      end(await runForeground(programs.platform, args));
    });
}
