import { fileURLToPath } from 'node:url';
import { canonicalIp, parseIpv4 } from '@picket/base/ip';
import { profileNames } from '@picket/plan/profile';
import { Command, InvalidArgumentError, Option } from 'commander';
import { type OutputRequest, parseOutput, probeModes, type ScanOptions } from '../scan/scan-options.ts';

/** The content that comes with the program. */
export const shippedContent = fileURLToPath(new URL('../../../../content', import.meta.url));

interface RawOptions {
  readonly exclude: string[];
  readonly ports: string;
  readonly profile: ScanOptions['profile'];
  readonly rate?: number;
  readonly assumeAlive?: boolean;
  readonly services: boolean;
  readonly checks: boolean;
  readonly intrusive?: boolean;
  readonly names: boolean;
  readonly oastListen?: ScanOptions['oast'];
  readonly oastDomain?: string;
  readonly askFragile?: boolean;
  readonly authorized?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
  readonly output: OutputRequest[];
  readonly content: string;
  readonly templates: string[];
  readonly allowList?: string;
  readonly wins: readonly string[];
  readonly serviceProbes?: string;
  readonly mode: ScanOptions['mode'];
  readonly sourcePort?: number;
  readonly vlan?: number;
}

const exitCodes = `
Exit code: 0 nothing found above severity info, 1 findings, 2 the command was not understood (nothing was sent),
3 incomplete: a unit failed or was cancelled (wins over 1), 70 a fault of the program or the machine.`;

const targetHelp = `
Targets: addresses, prefixes (10.0.0.0/24, fd00::/120), ranges (10.0.0.1-10.0.0.9, 10.0.0.1-9) and host names, which are
resolved once. Public addresses need --authorized: scan only what you are entitled to.`;

/** `picket scan` and `picket map`: the engine alone, with no platform. */
export function scanCommand(kind: 'scan' | 'map', run: (options: ScanOptions) => Promise<void>): Command {
  const command = new Command(kind)
    .description(
      kind === 'scan' ? 'scan hosts: discovery, ports, services, checks' : 'map a network: find the hosts that are up',
    )
    .argument('<targets...>', 'what to scan')
    .option('--exclude <targets>', 'leave these out (may be repeated)', collect, [])
    .addOption(
      new Option('--profile <name>', 'how hard to press; lab has no limits').choices(profileNames).default('normal'),
    )
    .option('--rate <packets>', 'packets a second for the whole run', positiveInteger)
    .addOption(
      new Option('--mode <mode>', 'raw packets, or ordinary connections; auto takes raw packets where it may')
        .choices(probeModes)
        .default('auto'),
    )
    .option('--source-port <port>', 'send TCP and UDP probes from this port (raw packets)', positiveInteger)
    .option(
      '--vlan <id>',
      'send frames with this 802.1Q identifier, 1 to 4094; raw packets alone, so neither services nor checks nor names',
      vlanId,
    )
    .option('--assume-alive', 'take every address for a host that is up')
    .option('--no-names', 'do not ask DNS and the hosts themselves for names')
    .option(
      '--wins <address>',
      'WINS server that is among the targets, asked for names (may be repeated)',
      collectIpv4,
      [],
    )
    .option('--authorized', 'the owner of the public addresses among the targets permits this scan')
    .option('--dry-run', 'show the plan and send nothing; with --json every probe')
    .option('--json', 'events as NDJSON on standard output')
    .option(
      '--output <format=file>',
      'write the result: --output json|nmap-xml|grepable FILE (may be repeated)',
      collectOutput,
      [],
    )
    .option('--allow-list <file>', 'local file with the last word on what may be scanned')
    .addHelpText('after', `${targetHelp}\n${exitCodes}`);
  if (kind === 'scan') {
    command
      .option('--ports <list>', 'ports, ranges, topN, all; U: before UDP ports', 'top1000')
      .option('--no-services', 'do not identify services (no checks either)')
      .option('--no-checks', 'do not run checks')
      .option('--intrusive', 'also run checks that log in, write or strain; off by default')
      .option('--service-probes <file>', 'also ask your own probes, in the syntax of nmap-service-probes, after ours')
      .option(
        '--oast-listen <address[:port]>',
        'listen here for calls of targets while checks wait for them',
        listenPlace,
      )
      .option('--oast-domain <domain>', 'a domain whose name server --oast-listen is, on port 53', hostDomain)
      .option('--ask-fragile', 'also question raw print ports and controllers, which may print or stop; off by default')
      .option('--content <dir>', 'checks and fingerprints', shippedContent)
      .option(
        '--templates <dir>',
        'also run the templates of this folder, such as a copy of a public collection (may be repeated)',
        collect,
        [],
      );
  }
  return command.action((targets: string[], raw: RawOptions) => run(toOptions(kind, targets, raw)));
}

function toOptions(kind: 'scan' | 'map', targets: readonly string[], raw: RawOptions): ScanOptions {
  // Connections of the kernel carry no tag: they would go to whoever has the address in the untagged network.
  const connects = raw.vlan === undefined;
  return {
    kind,
    targets: targets.join('\n'),
    exclude: raw.exclude.join('\n'),
    ports: kind === 'map' ? 'none' : raw.ports,
    profile: raw.profile,
    rate: raw.rate ?? null,
    assumeAlive: raw.assumeAlive ?? false,
    names: connects && raw.names,
    winsServers: raw.wins,
    oast: raw.oastListen
      ? { ...raw.oastListen, ...(raw.oastDomain === undefined ? {} : { domain: raw.oastDomain }) }
      : null,
    services: kind === 'scan' && connects && raw.services,
    checks: kind === 'scan' && connects && raw.checks,
    intrusive: raw.intrusive ?? false,
    askFragile: raw.askFragile ?? false,
    authorized: raw.authorized ?? false,
    dryRun: raw.dryRun ?? false,
    json: raw.json ?? false,
    outputs: raw.output,
    contentDir: raw.content ?? shippedContent,
    templateDirs: raw.templates ?? [],
    allowList: raw.allowList ?? null,
    serviceProbes: raw.serviceProbes ?? null,
    mode: raw.mode,
    sourcePort: raw.sourcePort ?? null,
    vlan: raw.vlan ?? null,
  };
}

function collect(value: string, previous: string[]): string[] {
  return [...previous, value];
}

function collectOutput(value: string, previous: OutputRequest[]): OutputRequest[] {
  const request = parseOutput(value);
  if (typeof request === 'string') throw new InvalidArgumentError(request);
  return [...previous, request];
}

/** `192.0.2.1`, `192.0.2.1:8053` or `[2001:db8::1]:8053`. */
function listenPlace(text: string): NonNullable<ScanOptions['oast']> {
  const match = /^(?:\[([^\]]+)\]|([^:]+)|([^:]*:[^:]*:.*?))(?::([0-9]{1,5}))?$/.exec(text);
  const address = canonicalIp(match?.[1] ?? match?.[2] ?? text);
  const port = match?.[4] === undefined ? undefined : Number(match[4]);
  if (address === null || (port !== undefined && (port < 1 || port > 65_535)))
    throw new InvalidArgumentError(`"${text}" is not an address of this machine, with a port or without.`);
  return { address, ...(port === undefined ? {} : { port }) };
}

function hostDomain(text: string): string {
  if (/^(?=.{1,200}$)[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+$/i.test(text)) return text.toLowerCase();
  throw new InvalidArgumentError(`"${text}" is not a domain.`);
}

function positiveInteger(value: string): number {
  const number = Number(value);
  if (!/^[0-9]{1,7}$/.test(value) || number < 1 || number > 1_000_000) {
    throw new InvalidArgumentError('It must be a whole number from 1 to 1000000.');
  }
  return number;
}

function vlanId(value: string): number {
  const number = Number(value);
  if (!/^[0-9]{1,4}$/.test(value) || number < 1 || number > 4094)
    throw new InvalidArgumentError('It must be a VLAN identifier from 1 to 4094.');
  return number;
}

function collectIpv4(text: string, known: readonly string[]): string[] {
  if (!parseIpv4(text).ok) throw new InvalidArgumentError('It must be an IPv4 address.');
  return [...known, text];
}
