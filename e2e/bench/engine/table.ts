import type { Figures } from './run-tool.ts';
import type { Scenario } from './scenarios.ts';
import type { ToolName } from './tools.ts';

type Numbers = Omit<Figures, 'tool' | 'code' | 'said'>;

/** The middle of several runs, figure by figure; for recall also the worst. */
export interface Median extends Numbers {
  readonly tool: ToolName;
  readonly runs: number;
  readonly worstRecall: number;
}

/** Medians of the runs of each tool, in the order in which the tools came. */
export function medians(runs: readonly Figures[]): readonly Median[] {
  const tools = [...new Set(runs.map(({ tool }) => tool))];
  return tools.map((tool) => {
    const own = runs.filter((run) => run.tool === tool);
    const middle = (key: keyof Numbers) =>
      own.map((run) => run[key]).sort((a, b) => a - b)[Math.floor(own.length / 2)] ?? 0;
    return {
      tool,
      runs: own.length,
      worstRecall: Math.min(...own.map(({ recall }) => recall)),
      kpps: middle('kpps'),
      probes: middle('probes'),
      recall: middle('recall'),
      wrong: Math.max(...own.map(({ wrong }) => wrong)),
      cpuUs: middle('cpuUs'),
      megabytes: middle('megabytes'),
      wallSeconds: middle('wallSeconds'),
      startSeconds: middle('startSeconds'),
    };
  });
}

const heads = ['tool', 'runs', 'kpps', 'probes', 'recall (worst)', 'wrong', 'CPU us/probe', 'MB', 'wall s', 'start s'];

/** A scenario's table, and how ours stands to the bars. */
export function scenarioText(scenario: Scenario, rows: readonly Median[]): string {
  const cells = rows.map((row) => [
    row.tool,
    String(row.runs),
    row.kpps.toFixed(1),
    String(row.probes),
    `${row.recall.toFixed(4)} (${row.worstRecall.toFixed(4)})`,
    String(row.wrong),
    row.cpuUs.toFixed(1),
    row.megabytes.toFixed(0),
    row.wallSeconds.toFixed(2),
    row.startSeconds.toFixed(2),
  ]);
  const widths = heads.map((head, column) => Math.max(head.length, ...cells.map((line) => line[column]?.length ?? 0)));
  const line = (texts: readonly string[]) =>
    `  ${texts.map((text, column) => text.padEnd(widths[column] ?? 0)).join('  ')}`;
  const table = [line(heads), ...cells.map(line)].map((each) => each.trimEnd()).join('\n');
  return `${scenario.name}: ${scenario.help}\n${table}\n${verdicts(scenario, rows)
    .map((verdict) => `  ${verdict}\n`)
    .join('')}`;
}

/** Each bar with the figure that meets or misses it. */
export function verdicts(scenario: Scenario, rows: readonly Median[]): string[] {
  const ours = rows.find(({ tool }) => tool === 'picket');
  if (ours === undefined) return [];
  const said: string[] = [];
  const say = (good: boolean, text: string) => said.push(`${good ? 'met' : 'MISSED'}: ${text}`);
  const least = scenario.target.lossPercent > 0 ? 0.999 : 0.9999;
  say(ours.recall >= least, `recall ${ours.recall.toFixed(5)} (at least ${least})`);
  for (const [tool, factor] of [
    ['masscan', 1.5],
    ['zmap', 1.15],
  ] as const) {
    const peer = rows.find((row) => row.tool === tool);
    if (peer === undefined) continue;
    const ratio = ours.kpps / peer.kpps;
    say(ratio >= factor, `${ratio.toFixed(2)} times the kpps of ${tool} (at least ${factor})`);
  }
  for (const peer of rows.filter(({ tool }) => tool !== 'picket')) {
    const text = `${(ours.wallSeconds / peer.wallSeconds).toFixed(2)} of the wall time of ${peer.tool} (at most 1)`;
    say(ours.wallSeconds <= peer.wallSeconds, text);
  }
  return said;
}
