import { resolve } from 'node:path';
import { readStatus } from '@picket/appliance/local/status';
import { Command } from 'commander';
import { dataLayout } from '../data-layout.ts';
import { exitCode } from '../exit-code.ts';
import { type Output, table } from '../terminal/output.ts';
import { programs } from '../programs.ts';
import { networkCommand } from './network-command.ts';
import { runForeground } from './process-command.ts';
import { runAppliance } from './run-appliance.ts';
import { shippedContent } from './scan-command.ts';

const help = `
A new appliance needs the platform's enrolment string (platform: Help > About, or New > Scanner appliance). It then shows an
activation code, which a Manager enters in the platform; or it is given the personalization code that the platform made.

Without a proxy option the variables https_proxy, all_proxy and no_proxy count (docs/proxies.md). A proxy that fails is never gone around.`;

/** Options of `picket appliance start`: all but two are text. */
type StartOptions = Record<string, string> & { templates: string[]; awaitPlatform: true | undefined };

/** `picket appliance start|console|status|network`. */
export function applianceCommand(output: Output, end: (code: number) => void): Command {
  const command = new Command('appliance').description(
    'run an appliance on this machine, use its console, or see how it is',
  );
  command
    .command('start')
    .description('run the appliance in the foreground')
    .option('--data <dir>', 'data folder', '.picket')
    .option('--enrolment <string>', 'enrolment string or a file that holds it; needed the first time')
    .option('--personalization-code <code>', '14 digits from the platform')
    .option('--allow-list <file>', 'local file with the last word on what may be scanned')
    .option('--wins <addresses>', 'WINS servers, with commas between; asked in jobs that have them among their targets')
    .option('--workers <number>', 'slices at once')
    .option('--proxy <url>', 'HTTP proxy to the platform: http://host:port (scans never go through it)')
    .option('--proxy-user <user>', 'who logs in to the proxy: user, DOMAIN\\user or user@domain')
    .option('--proxy-password <file>', 'file that holds the password')
    .option('--proxy-auth <method>', 'any (default: the strongest offered), ntlm, digest, basic, none')
    .option('--proxy-file <file>', 'proxy file with https_proxy=, picket_https_proxy=, no_proxy=')
    .option('--proxy-pac <file>', 'PAC file that tells the proxy')
    .option('--proxy-except <list>', 'hosts that are reached without the proxy, as no_proxy has them')
    .option('--proxy-ca <file>', 'authority of a proxy that speaks TLS itself (https://)')
    .option(
      '--templates <dir>',
      'also run the templates of this folder, such as a copy of a public collection (may be repeated)',
      (folder: string, known: string[]) => [...known, folder],
      [],
    )
    .option(
      '--release-keys <file>',
      'install what the platform offers if one of these public keys has signed it; a launcher goes back when it does not work',
    )
    .option('--call-home-seconds <number>', 'time that new software has to reach the platform (default: 600)')
    .option('--await-platform', 'without an enrolment string, wait until a platform is set at the console')
    .addHelpText('after', help)
    .action(async ({ templates, awaitPlatform, ...options }: StartOptions) => {
      const flags: readonly (readonly [string, string | undefined])[] = [
        ['--state', dataLayout(resolve(options.data ?? '.picket')).appliance],
        ['--enrolment', options.enrolment],
        ['--personalization-code', options.personalizationCode],
        ['--allow-list', options.allowList],
        ['--wins', options.wins],
        ['--workers', options.workers],
        ['--content', shippedContent],
        ['--proxy', options.proxy],
        ['--proxy-user', options.proxyUser],
        ['--proxy-password', options.proxyPassword],
        ['--proxy-auth', options.proxyAuth],
        ['--proxy-file', options.proxyFile],
        ['--proxy-pac', options.proxyPac],
        ['--proxy-except', options.proxyExcept],
        ['--proxy-ca', options.proxyCa],
        ['--release-keys', options.releaseKeys === undefined ? undefined : resolve(options.releaseKeys)],
      ];
      const args = flags.flatMap(([flag, value]) => (value === undefined ? [] : [flag, value]));
      for (const folder of templates) args.push('--templates', resolve(folder));
      if (awaitPlatform) args.push('--await-platform');
      // Without keys nothing is ever installed, so nobody has to go back.
      if (options.releaseKeys === undefined) return end(await runAppliance(args, output));
      if (options.callHomeSeconds !== undefined) args.push('--call-home-seconds', options.callHomeSeconds);
      end(await runAppliance(args, output, programs.launcher));
    });
  command
    .command('console')
    .description("the appliance's menus on this terminal (a running appliance's; Ctrl-C leaves)")
    .option('--data <dir>', 'data folder', '.picket')
    .option('--lcd <host:port>', "show the two lines on a front panel too, through LCDproc's LCDd (127.0.0.1:13666)")
    .option('--lines <kind>', 'draw lines in "ascii" (default) or with the "graphics" of a VT100')
    .action(async (options: { data: string; lcd?: string; lines?: string }) => {
      const args = ['--state', dataLayout(resolve(options.data)).appliance];
      if (options.lcd !== undefined) args.push('--lcd', options.lcd);
      if (options.lines !== undefined) args.push('--lines', options.lines);
      end(await runForeground(programs.console, args));
    });
  command
    .command('status')
    .description('state, activation code, last contact, current work')
    .option('--data <dir>', 'data folder', '.picket')
    .option('--json', 'as JSON')
    .action(async (options: { data: string; json?: boolean }) =>
      end(await showStatus(resolve(options.data), options.json ?? false, output)),
    );
  command.addCommand(networkCommand(output, end));
  return command;
}

async function showStatus(dataDirectory: string, json: boolean, output: Output): Promise<number> {
  const folder = dataLayout(dataDirectory).appliance;
  const found = await readStatus(folder);
  if (found === null) {
    output.err(
      `picket: no appliance has run with ${folder}. Start one with "picket appliance start --enrolment STRING".\n`,
    );
    return exitCode.failure;
  }
  const { status, running } = found;
  if (json) output.out(`${JSON.stringify({ running, ...status })}\n`);
  else {
    output.out(
      table([
        ['state', running ? status.state : `${status.state} (the process has ended)`],
        ['name', status.name ?? '-'],
        ['platform', status.platform],
        ['software', status.softwareVersion],
        ['content', status.contentVersion],
        ...(status.updating ? [['update', 'under way (S2)']] : []),
        ['activation code', status.activationCode ?? '-'],
        ['last contact', status.lastContact ?? 'never'],
        ['work', status.leases.map((lease) => `${lease.kind} ${lease.scanId} ${lease.state}`).join(', ') || 'none'],
        ['waiting to be uploaded', `${status.spool.events} events, ${status.spool.bytes} bytes`],
        ...(status.failure ? [['trouble', `${status.failure.message} ${status.failure.hint}`]] : []),
        ...status.trouble.map((each) => ['trouble', each.message]),
      ]),
    );
  }
  return running ? exitCode.clean : exitCode.failure;
}
