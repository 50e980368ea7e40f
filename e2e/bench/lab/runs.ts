import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { severity } from '@picket/contracts/primitive';
import { z } from 'zod';
import { type Lab, nsExec } from '../../../lab/lab-control.ts';
import type { Finding } from './judgement.ts';

const picket = fileURLToPath(new URL('../../../packages/cli/bin/picket.mjs', import.meta.url));
const deadlineMs = 5_400_000;

/** What a tool was asked to do: an address of every host, and UDP ports for the tool that asks them in the same run. */
export interface LabTask {
  readonly ipv4: readonly string[];
  readonly ipv6: readonly string[];
  readonly udpPorts: readonly number[];
}

/** What one tool took and gave. Packets and bytes are those that left the scanner, as the switch's interface counted them. */
export interface LabRun {
  readonly tool: string;
  readonly seconds: number;
  readonly packets: number;
  readonly bytes: number;
  /** Open TCP ports, as `address port`. */
  readonly open: ReadonlySet<string>;
}

const resultFile = z.object({
  outcome: z.object({ outcome: z.string() }),
  hosts: z.array(
    z.object({
      address: z.string(),
      ports: z.array(z.object({ protocol: z.string(), port: z.number(), state: z.string() })),
      findings: z.array(
        z.object({ check: z.string(), severity, protocol: z.string().optional(), port: z.number().optional() }),
      ),
    }),
  ),
});

/**
 * `picket scan` of all TCP ports and the UDP ports of the lab with everything that comes after: services, systems, names, every check. In the
 * profile `lab`, which has no limits of its own, as nmap has none.
 */
export async function runPicket(lab: Lab, task: LabTask): Promise<LabRun & { readonly findings: readonly Finding[] }> {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'scan.json');
  const ports = `1-65535,U:${task.udpPorts.join(',')}`;
  const options = ['--ports', ports, '--profile', 'lab', '--intrusive', '--output', 'json', file];
  // Accounts of these addresses may have had their tries of this day from another lab.
  const ownState = ['env', `XDG_STATE_HOME=${folder.path}`];
  const argv = [...ownState, process.execPath, picket, 'scan', ...task.ipv4, ...task.ipv6, ...options];
  const measured = await measure(lab, argv, [0, 1]);
  const result = resultFile.parse(JSON.parse(await readFile(file, 'utf8')));
  if (result.outcome.outcome !== 'complete') throw new Error(`the scan ended ${result.outcome.outcome}`);
  const open = result.hosts.flatMap(({ address, ports }) =>
    ports.filter((each) => each.protocol === 'tcp' && each.state === 'open').map(({ port }) => `${address} ${port}`),
  );
  const findings = result.hosts.flatMap(({ address, findings }) =>
    findings.map((each) => ({
      address,
      check: each.check,
      severity: each.severity,
      place: `${each.port}/${each.protocol}`,
    })),
  );
  return { tool: 'picket scan', ...measured, open: new Set(open), findings };
}

/** `nmap -p- -sV -sC` in its default timing, without looking for names; a run for each family. */
export async function runNmap(lab: Lab, task: LabTask): Promise<LabRun> {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'scan.grep');
  const sum = { seconds: 0, packets: 0, bytes: 0 };
  const open = new Set<string>();
  for (const [family, targets] of [[[], task.ipv4] as const, [['-6'], task.ipv6] as const]) {
    if (targets.length === 0) continue;
    const argv = ['nmap', '-n', ...family, '-p-', '-sV', '-sC', '-oG', file, ...targets];
    const measured = await measure(lab, argv, [0]);
    sum.seconds += measured.seconds;
    sum.packets += measured.packets;
    sum.bytes += measured.bytes;
    for (const line of (await readFile(file, 'utf8')).split('\n')) {
      const host = /^Host: (\S+)/.exec(line)?.[1];
      for (const [, port] of line.matchAll(/(\d+)\/open\/tcp/g)) open.add(`${host} ${port}`);
    }
  }
  return { tool: 'nmap -p- -sV -sC', ...sum, open };
}

async function measure(
  lab: Lab,
  argv: readonly string[],
  goodCodes: readonly number[],
): Promise<{ seconds: number; packets: number; bytes: number }> {
  const before = await sentSoFar(lab);
  const began = performance.now();
  const { code, stderr } = await nsExec(lab, 'scanner', argv, { timeoutMs: deadlineMs });
  const seconds = (performance.now() - began) / 1000;
  if (code === null || !goodCodes.includes(code))
    throw new Error(`${argv[0]} ended with code ${code}: ${stderr.slice(-2000)}`);
  const after = await sentSoFar(lab);
  return { seconds, packets: after.packets - before.packets, bytes: after.bytes - before.bytes };
}

const linkCounters = z.tuple([
  z.object({ stats64: z.object({ rx: z.object({ packets: z.number(), bytes: z.number() }) }) }),
]);

/** What the switch has received from the scanner. */
async function sentSoFar(lab: Lab): Promise<{ packets: number; bytes: number }> {
  const { stdout } = await nsExec(lab, 'scan-switch', ['ip', '-j', '-s', 'link', 'show', 'dev', 'scanner']);
  return linkCounters.parse(JSON.parse(stdout))[0].stats64.rx;
}

async function temporaryFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'picket-bench-lab-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}
