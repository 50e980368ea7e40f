import { chmod, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createNamespace, destroyNamespace, listNamespaces } from '@picket/testkit/namespaces/namespace';
import { type NamespaceProcess, startInNamespace } from '@picket/testkit/namespaces/network-lab';
import { type CommandOptions, type CommandResult, runCommand } from '@picket/testkit/namespaces/run-command';
import { bridgeCommands, plugCommands, runIp } from '@picket/testkit/namespaces/wiring';
import { makeCertificates } from './certificates.ts';
import { dropAllBut } from './daemons/firewall.ts';
import { bootHost, runOnHost, startDaemon } from './host.ts';
import { daemonsByHost } from './hosts.ts';
import { allOrNothing, inParallel } from './in-parallel.ts';
import { missingPackages } from './install.ts';
import { labPackages } from './packages.ts';
import { parseListening, portKey } from './listening.ts';
import { missingProducts } from './products/npm-cache.ts';
import { productDaemons, productHosts } from './products/product-hosts.ts';
import { productPackages } from './products/server-daemons.ts';
import { loadTruth, type Truth, type TruthHost } from './truth.ts';
import { type LabNames, labNames, readState, removeWorkFolder, writeState } from './work-folder.ts';

const bridge = 'bridge';
const servingDeadlineMs = 60_000;

/** The namespaces that are no hosts: the scanner has a foot in both networks, the platform in the management network only. */
export type LabRole = 'scanner' | 'platform';

/** A lab that is up. */
export interface Lab {
  readonly names: LabNames;
  readonly truth: Truth;
  /** Process id, by host, through which commands enter the host. */
  readonly holders: Readonly<Record<string, number>>;
}

/**
 * How to bring a lab up: its name (two labs with different names can coexist), for a small one the hosts to take, and whether the hosts with
 * products (`products/product-hosts.ts`) come too, which take longer to start.
 */
export interface LabUpOptions {
  readonly name: string;
  readonly hosts?: readonly string[];
  readonly products?: boolean;
}

/**
 * Brings a lab up and returns once every port of its truth listens. The lab outlives this process; `labDown` ends it. When anything
 * fails, what was made is taken down again and the error says what failed. Refuses when the lab is there already.
 */
export async function labUp(options: LabUpOptions): Promise<Lab> {
  const names = labNames(options.name);
  if ((await readState(names)) !== undefined || (await listNamespaces(names.prefix)).length > 0) {
    throw new Error(`lab "${names.name}" is there already: take it down first, or choose another name`);
  }
  const missing = await whatIsMissing(options.products ?? false);
  if (missing.length > 0) throw new Error(`the lab needs ${missing.join(' ')}: run "lab install" first`);
  const whole = await loadTruth();
  const unknown = (options.hosts ?? []).filter((name) => !whole.hosts.some((host) => host.name === name));
  if (unknown.length > 0) throw new Error(`the lab has no host ${unknown.join(', ')}: truth.json lists those it has`);
  const chosen = whole.hosts.filter((host) => options.hosts?.includes(host.name) ?? true);
  const hosts = options.products ? [...chosen, ...productHosts] : chosen;
  try {
    return await build(names, { ...whole, hosts });
  } catch (cause) {
    await labDown(names.name);
    throw new Error(`lab "${names.name}" did not come up: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    });
  }
}

/** Names of packages and products that a lab needs and this machine does not have. */
export async function whatIsMissing(products: boolean): Promise<readonly string[]> {
  if (!products) return missingPackages();
  const packages = await missingPackages([...labPackages, ...productPackages]);
  return [...packages, ...missingProducts().map(({ id }) => id)];
}

/** Ends every process of a lab and deletes its namespaces and files, whatever state it is in. Twice is fine. */
export async function labDown(name: string): Promise<void> {
  const names = labNames(name);
  // Again until none is left: a command of an `up` that was just killed may still have been making one.
  for (let left = await listNamespaces(names.prefix); left.length > 0; left = await listNamespaces(names.prefix)) {
    await inParallel(left, 4, destroyNamespace);
  }
  await removeWorkFolder(names);
}

/** Finds a lab that is up, for a process that did not start it. */
export async function openLab(name: string): Promise<Lab> {
  const names = labNames(name);
  const state = await readState(names);
  if (state === undefined) throw new Error(`lab "${name}" is not up: bring it up first`);
  if (state.phase !== 'up') throw new Error(`lab "${name}" is half up: take it down, then bring it up again`);
  const whole = await loadTruth();
  return {
    names,
    truth: { ...whole, hosts: [...whole.hosts, ...productHosts].filter((host) => host.name in state.holders) },
    holders: state.holders,
  };
}

/** Runs a command in the network namespace of a host, the scanner or the platform (with this machine's own files) and waits for its end. */
export function nsExec(
  lab: Lab,
  where: LabRole | (string & {}),
  argv: readonly string[],
  options?: CommandOptions,
): Promise<CommandResult> {
  return runCommand(['ip', 'netns', 'exec', lab.names.namespace(where), ...argv], options);
}

/** Starts a long-lived program (a platform, an appliance) in a network namespace of the lab; `labDown` kills what is left of it. */
export function nsStart(
  lab: Lab,
  where: LabRole | (string & {}),
  argv: readonly string[],
  env?: Readonly<Record<string, string>>,
): NamespaceProcess {
  return startInNamespace(lab.names.namespace(where), argv, env);
}

/** Runs a command inside a host: its network, its processes and its private file system. */
export function hostExec(
  lab: Lab,
  host: string,
  argv: readonly string[],
  options?: CommandOptions,
): Promise<CommandResult> {
  const holder = lab.holders[host];
  if (holder === undefined) return Promise.reject(new Error(`host ${host} is not part of this lab`));
  return runOnHost(holder, argv, options);
}

/**
 * Cuts (`down`) or mends (`up`) the wire between a switch and the scanner or the platform: `lan` is the scan network, `mgmt` the management
 * network. Done at the switch's end, as with a pulled cable: addresses stay.
 */
export async function setWire(lab: Lab, role: LabRole, device: 'lan' | 'mgmt', state: 'up' | 'down'): Promise<void> {
  const aSwitch = lab.names.namespace(device === 'lan' ? 'scan-switch' : 'management-switch');
  await runIp([['-n', aSwitch, 'link', 'set', role, state]]);
}

async function build(names: LabNames, truth: Truth): Promise<Lab> {
  await writeState(names, { name: names.name, phase: 'starting', holders: {} });
  await chmod(names.folder, 0o755);
  await allOrNothing([makeCertificates(join(names.folder, 'certificates')), buildNetworks(names, truth)]);
  await mkdir(join(names.folder, 'hosts'), { recursive: true });
  // Daemons drop their privileges and still have to read their certificate.
  await runCommand(['chmod', '-R', 'a+rX', join(names.folder, 'certificates')]);
  const ordinary = daemonsByHost({
    postgresqlPrograms: await findPostgresql(),
    addressOf: (name) => truth.hosts.find((host) => host.name === name)?.ipv4 ?? '192.0.2.1',
  });
  const daemons = { ...ordinary, ...productDaemons };
  const holders: Record<string, number> = {};
  await inParallel(truth.hosts, 6, async (host) => {
    const holder = await bootHost(names, host.name);
    holders[host.name] = holder;
    if (host.dropsAllBut !== undefined) await loadFirewall(host, holder);
    for (const daemon of daemons[host.name] ?? []) await startDaemon(names, host.name, holder, daemon);
  });
  await allOrNothing(truth.hosts.map((host) => untilServing(names, host, holders[host.name] ?? 0)));
  await writeState(names, { name: names.name, phase: 'up', holders });
  return { names, truth, holders };
}

async function buildNetworks(names: LabNames, truth: Truth): Promise<void> {
  const at = names.namespace;
  const scan = { bridgeNamespace: at('scan-switch'), bridge, device: 'lan' };
  const management = { bridgeNamespace: at('management-switch'), bridge, device: 'mgmt' };
  const spaces = ['scan-switch', 'management-switch', 'scanner', 'platform', ...truth.hosts.map((host) => host.name)];
  await inParallel(spaces, 4, (space) => createNamespace(at(space)));
  await runIp([...bridgeCommands(at('scan-switch'), bridge), ...bridgeCommands(at('management-switch'), bridge)]);
  const { scanNetwork: lan, managementNetwork: mgmt } = truth;
  await runIp([
    ...plugCommands({ ...scan, namespace: at('scanner'), port: 'scanner', addresses: withPrefix(lan.scanner) }),
    ...plugCommands({ ...management, namespace: at('scanner'), port: 'scanner', addresses: withPrefix(mgmt.scanner) }),
    ...plugCommands({
      ...management,
      namespace: at('platform'),
      port: 'platform',
      addresses: withPrefix(mgmt.platform),
    }),
  ]);
  await inParallel(truth.hosts.entries(), 4, ([index, host]) =>
    runIp(plugCommands({ ...scan, namespace: at(host.name), port: `port${index}`, addresses: withPrefix(host) })),
  );
}

function withPrefix(end: { ipv4?: string | undefined; ipv6?: string | undefined }): readonly string[] {
  const ipv4 = end.ipv4 === undefined ? [] : [`${end.ipv4}/24`];
  return end.ipv6 === undefined ? ipv4 : [...ipv4, `${end.ipv6}/64`];
}

async function loadFirewall(host: TruthHost, holder: number): Promise<void> {
  const result = await runOnHost(holder, ['nft', '-f', '-'], { input: dropAllBut(host.dropsAllBut ?? 0) });
  if (result.code !== 0) throw new Error(`host ${host.name}: nft refuses the rules: ${result.stderr.trim()}`);
}

/** Keys of all ports the truth says a host listens on, those behind its own firewall included. */
export function expectedPorts(host: TruthHost): readonly string[] {
  const present = (family: 'ipv4' | 'ipv6') => host[family] !== undefined || host.ipv4 === undefined;
  return [...host.services, ...host.hidden].flatMap((service) =>
    service.families.filter(present).map((family) => portKey({ ...service, family })),
  );
}

async function untilServing(names: LabNames, host: TruthHost, holder: number): Promise<void> {
  const deadline = performance.now() + servingDeadlineMs;
  for (;;) {
    const open = new Set(parseListening((await runOnHost(holder, ['ss', '-ltnuH'])).stdout).map(portKey));
    const missing = expectedPorts(host).filter((port) => !open.has(port));
    if (missing.length === 0) return;
    if (performance.now() > deadline) {
      throw new Error(
        `host ${host.name}: nothing listens on ${missing.join(', ')}; logs: ${names.folder}/hosts/${host.name}`,
      );
    }
    await delay(150);
  }
}

async function findPostgresql(): Promise<string> {
  const versions = await readdir('/usr/lib/postgresql').catch(() => []);
  const newest = versions.toSorted((a, b) => Number(b) - Number(a))[0];
  if (newest === undefined) throw new Error('PostgreSQL is not installed: run "lab install" first');
  return `/usr/lib/postgresql/${newest}/bin`;
}
