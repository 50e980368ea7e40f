import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { canUseNamespaces } from '@picket/testkit/namespaces/can-use-namespaces';
import { runCommand } from '@picket/testkit/namespaces/run-command';
import { Ground } from './engine/ground.ts';
import { labText, measureLab } from './engine/lab.ts';
import { type Figures, runTool } from './engine/run-tool.ts';
import { type Scenario, scenarios } from './engine/scenarios.ts';
import { medians, scenarioText } from './engine/table.ts';
import type { ToolName } from './engine/tools.ts';

const usage = `npm run bench:engine [-- OPTIONS]

Scans the same namespaces with "picket scan", masscan, zmap and nmap (Debian's) in turn and prints a table for each scenario.

  --runs N          runs of each tool, in turn (default 5); the table shows medians
  --scenario NAME   one of ${[...scenarios.map(({ name }) => name), 'lab'].join(', ')}; may be repeated (default: all)
  --tool NAME       picket, masscan, zmap, nmap; may be repeated (default: all that are installed)
  --json FILE       every run's figures

Needs root on Linux, iproute2, nftables, ethtool, ping.
`;

const legend = `All tools run on this machine, as does the target, and its load swings with what else runs: read ratios, not absolutes.
kpps: probes that reached the target (nft counter) over the time in which its interface saw 99.4 % of the frames, pauses of more than 50 ms
left out; CPU holds the target's stack, which on veth works on the sender's time; MB is the sum of the peaks of all processes of a tool; start: until the first packet.
Offloads of the pair are off: with them on libpcap gives masscan a ring of 32 frames, and it loses a third of the answers.
masscan and zmap wait 2 s for late answers (their defaults are 10 and 8); nmap runs -T4 --min-rate 50000; none looks for hosts first.
`;

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '5' },
    scenario: { type: 'string', multiple: true, default: [] },
    tool: { type: 'string', multiple: true, default: [] },
    json: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
});

const allTools: readonly ToolName[] = ['picket', 'masscan', 'zmap', 'nmap'];
const isWanted = ({ name }: { name: string }) => values.scenario.length === 0 || values.scenario.includes(name);
const wanted = scenarios.filter(isWanted);
const wantsLab = isWanted({ name: 'lab' }) && values.tool.length === 0;
const runs = Number(values.runs);
const support = canUseNamespaces();
if (values.help || !(runs > 0) || (wanted.length === 0 && !wantsLab) || !support.ok) {
  process.stdout.write(support.ok ? usage : `bench:engine cannot run: ${support.reason}\n`);
  process.exit(values.help ? 0 : 2);
}

async function isInstalled(tool: ToolName): Promise<boolean> {
  if (tool === 'picket') return true;
  return runCommand([tool, '--version']).then(
    () => true,
    () => false,
  );
}

/** The tools take turns, and another one begins each round. */
async function measure(
  ground: Ground,
  scenario: Scenario,
  tools: readonly ToolName[],
  folder: string,
): Promise<Figures[]> {
  const figures: Figures[] = [];
  const rounds = scenario.once ? 1 : runs;
  for (let round = 0; round < rounds; round += 1) {
    const turn = round % tools.length;
    for (const tool of [...tools.slice(turn), ...tools.slice(0, turn)]) {
      await ground.shape(scenario.target);
      const run = await runTool(ground, tool, scenario, folder);
      figures.push(run);
      if (run.code !== 0)
        process.stderr.write(`${scenario.name}: ${tool} ended with ${run.code}: ${run.said.trim()}\n`);
    }
  }
  return figures.sort((a, b) => allTools.indexOf(a.tool) - allTools.indexOf(b.tool));
}

const installed: ToolName[] = [];
for (const tool of allTools) if (await isInstalled(tool)) installed.push(tool);
const missing = allTools.filter((tool) => !installed.includes(tool));
if (missing.length > 0) process.stdout.write(`Not installed, so not compared: ${missing.join(', ')}.\n`);
const folder = mkdtempSync(join(tmpdir(), 'picket-bench-'));
const all: Record<string, readonly Figures[]> = {};
try {
  await using ground = new Ground(`bench-${process.pid}`);
  await ground.open();
  process.stdout.write(`${legend}\n`);
  for (const scenario of wanted) {
    const tools = installed.filter(
      (tool) =>
        (tool === 'picket' || scenario.peers.includes(tool)) &&
        (values.tool.length === 0 || values.tool.includes(tool)),
    );
    const figures = await measure(ground, scenario, tools, folder);
    all[scenario.name] = figures;
    // A run that failed is told of above and compared with nothing.
    const good = figures.filter(({ probes }) => probes > 0);
    process.stdout.write(`${scenarioText(scenario, medians(good))}\n`);
  }
  if (wantsLab && installed.includes('nmap')) process.stdout.write(`${labText(await measureLab(folder))}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(all));
