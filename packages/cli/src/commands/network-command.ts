import { parseIp } from '@picket/base/ip';
import { askHelper } from '@picket/appliance/netconf/adapters/ask-helper';
import { mostTargets } from '@picket/appliance/netconf/helper-messages';
import { Command } from 'commander';
import { exitCode } from '../exit-code.ts';
import { type Output, printable } from '../terminal/output.ts';
import { networkText, troubles } from './network-text.ts';

const defaultSocket = '/run/picket/network.sock';
const help = `
Shows what the network helper has in force: settings, addresses, VLANs, routes, resolvers, WINS servers, the platform's document and what
is wrong. For each TARGET, an address, it tells how packets of a scan leave. It changes nothing and sends nothing.
Exit code 0: nothing is wrong; 1: something is; 70: the helper could not be asked.`;

/** `picket appliance network [TARGET...]`. */
export function networkCommand(output: Output, end: (code: number) => void): Command {
  return new Command('network')
    .description("an appliance's network as it is in force, and the way to targets")
    .argument('[target...]', 'addresses')
    .option('--socket <path>', 'of the network helper', defaultSocket)
    .option('--json', 'as JSON')
    .addHelpText('after', help)
    .action(async (targets: string[], options: { socket: string; json?: boolean }) =>
      end(await showNetwork(targets, options, output)),
    );
}

async function showNetwork(
  targets: readonly string[],
  { socket, json }: { socket: string; json?: boolean },
  output: Output,
): Promise<number> {
  const strange = targets.find((target) => !parseIp(target).ok);
  if (strange !== undefined || targets.length > mostTargets) {
    const what = strange === undefined ? `${targets.length} targets` : `"${printable(strange)}"`;
    output.err(`picket: ${what}: name up to ${mostTargets} single addresses, such as 10.20.0.5 or fd00::5.\n`);
    return exitCode.usage;
  }
  const answer = await askHelper(socket, { type: 'describe', targets: [...targets] }, (message) =>
    output.err(`picket: still at work: ${printable(message)}\n`),
  ).catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
  if (typeof answer === 'string' || answer.type !== 'description') {
    const said = typeof answer === 'string' ? answer : answer.type === 'refused' ? answer.message : answer.type;
    output.err(`picket: ${printable(said)}\n${hintOf(said)}\n`);
    return exitCode.failure;
  }
  const { network } = answer;
  output.out(json ? `${JSON.stringify(network)}\n` : networkText(network));
  return troubles(network).length === 0 ? exitCode.clean : exitCode.findings;
}

function hintOf(said: string): string {
  if (said.includes('EACCES'))
    return 'Only root and members of the group of its socket may ask the network helper: use sudo.';
  if (/ENOENT|ECONNREFUSED/.test(said))
    return "No network helper runs on this machine. Only appliances whose network Picket manages have one (docs/appliance-network.md); elsewhere the machine's own tools show its network, such as ip.";
  return 'It is busy or its software is of another version: try again in a minute, and look into what the network helper wrote to its standard error.';
}
