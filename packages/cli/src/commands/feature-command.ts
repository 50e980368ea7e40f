import { resolve } from 'node:path';
import { type Features, featureNames, features } from '@picket/contracts/api/feature';
import { Argument, Command } from 'commander';
import { AdminClient } from '../admin/admin-client.ts';
import { dataLayout } from '../data-layout.ts';
import { exitCode } from '../exit-code.ts';
import { type Output, table } from '../terminal/output.ts';

const meanings: Readonly<Record<keyof Features, string>> = {
  vlans: 'VLANs and static routes of appliances',
  ipv6: 'scanning over IPv6: addresses on LAN and in VLANs, and routes',
  virtualAppliances: 'new virtual appliances, by personalization code',
  scanServices: 'polls are held and work is handed out at once; off: at the next poll of an appliance',
};

interface DataOption {
  readonly data: string;
  readonly json?: boolean;
}

const help = `
Off: the settings are not shown, the API refuses them (feature.switched-off), and appliances are told at their next poll to have
none. What was set is kept and comes back when the feature is switched on again.`;

/** `picket feature`: what the platform on this machine has, on its own machine. Whoever may open the data folder may do this. */
export function featureCommand(output: Output, end: (code: number) => void): Command {
  const command = new Command('feature')
    .description('features of the platform on this machine: switch them on and off (needs access to its data folder)')
    .addHelpText('after', help);
  const sub = (name: string, text: string) =>
    command
      .command(name)
      .description(text)
      .option('--data <dir>', 'data folder', '.picket')
      .option('--json', 'as JSON')
      .addHelpText('after', help);
  const show = (now: Features, options: DataOption) => {
    const rows = featureNames.map((name) => [name, now[name] ? 'on' : 'off', meanings[name]]);
    output.out(options.json ? `${JSON.stringify(now)}\n` : table([['FEATURE', 'STATE', 'WHAT IT IS'], ...rows]));
    end(exitCode.clean);
  };
  sub('list', 'all features').action(async (options: DataOption) => {
    show(await clientFor(options).get('/api/v1/features', features), options);
  });
  for (const [verb, on] of [
    ['enable', true],
    ['disable', false],
  ] as const) {
    sub(verb, on ? 'switch a feature on' : 'switch a feature off')
      .addArgument(new Argument('<name>', 'the feature').choices(featureNames))
      .action(async (name: keyof Features, options: DataOption) => {
        show(await clientFor(options).patch('/api/v1/features', { [name]: on }, features), options);
      });
  }
  return command;
}

function clientFor({ data }: DataOption): AdminClient {
  return new AdminClient(dataLayout(resolve(data)).platform);
}
