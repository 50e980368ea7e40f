import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Lab, labDown, labUp, nsExec } from '../../../lab/lab-control.ts';

const picket = fileURLToPath(new URL('../../../packages/cli/bin/picket.mjs', import.meta.url));
const deadlineMs = 1_200_000;

/** What one tool made of the lab with all its ports. */
export interface LabRun {
  readonly tool: 'picket' | 'nmap';
  readonly wallSeconds: number;
  /** Open ports of the truth that were found, all there are, and those found that are not there. */
  readonly found: number;
  readonly expected: number;
  readonly wrong: number;
}

/**
 * All TCP ports of every IPv4 host of the lab, by the tools that can scan neighbours on a link (masscan and zmap send everything to one
 * router). Hosts are taken for granted, so the silent one costs all its time-outs. There is no one target to count packets at: only times and
 * finds are compared.
 */
export async function measureLab(folder: string): Promise<readonly LabRun[]> {
  const name = `enginebench${process.pid}`;
  const lab = await labUp({ name });
  try {
    const file = join(folder, 'lab.out');
    const targets = lab.truth.hosts.flatMap(({ ipv4 }) => ipv4 ?? []);
    const options = ['--assume-alive', '--profile', 'lab', '--no-services', '--no-names'];
    const ours = [process.execPath, picket, 'scan', ...targets, '--ports', '1-65535', ...options];
    const theirs = ['nmap', '-sS', '-Pn', '-n', '-T4', '--min-rate', '50000', '-p', '1-65535', ...targets];
    return [
      await run(lab, { tool: 'picket', argv: [...ours, '--output', 'grepable', file], file }),
      await run(lab, { tool: 'nmap', argv: [...theirs, '-oG', file], file }),
    ];
  } finally {
    await labDown(name);
  }
}

async function run(
  lab: Lab,
  { tool, argv, file }: { tool: LabRun['tool']; argv: readonly string[]; file: string },
): Promise<LabRun> {
  const began = performance.now();
  const { code, stderr } = await nsExec(lab, 'scanner', argv, { timeoutMs: deadlineMs });
  const wallSeconds = (performance.now() - began) / 1000;
  if (code !== 0) throw new Error(`${tool} ended with ${code}: ${stderr.slice(-400)}`);
  const finds = openPorts(await readFile(file, 'utf8'));
  const truth = expectedOpen(lab);
  const found = [...finds].filter((find) => truth.has(find)).length;
  return { tool, wallSeconds, found, expected: truth.size, wrong: finds.size - found };
}

function openPorts(grepable: string): Set<string> {
  const finds = new Set<string>();
  for (const line of grepable.split('\n')) {
    const host = /^Host: (\S+)/.exec(line)?.[1];
    for (const [, port] of line.matchAll(/(\d+)\/open\/tcp/g)) finds.add(`${host} ${port}`);
  }
  return finds;
}

function expectedOpen({ truth }: Lab): Set<string> {
  return new Set(
    truth.hosts.flatMap(({ ipv4, services }) =>
      services.flatMap(({ transport, families, port }) =>
        ipv4 !== undefined && transport === 'tcp' && families.includes('ipv4') ? [`${ipv4} ${port}`] : [],
      ),
    ),
  );
}

/** The runs as lines under a heading. */
export function labText(runs: readonly LabRun[]): string {
  const lines = runs.map(
    ({ tool, wallSeconds, found, expected, wrong }) =>
      `  ${tool.padEnd(8)}${wallSeconds.toFixed(1).padStart(7)} s  ${found} of ${expected} open ports, ${wrong} not there`,
  );
  return `lab: every host of the lab x 65,535 TCP ports, one run\n${lines.join('\n')}\n`;
}
