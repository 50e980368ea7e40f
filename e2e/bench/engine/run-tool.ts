import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type RunningProcess, startProcess } from '@picket/testkit/running-process';
import { fileURLToPath } from 'node:url';
import { type Ground, wire } from './ground.ts';
import type { Scenario } from './scenarios.ts';
import { toolCall, type ToolName } from './tools.ts';

/** Figures of one run. */
export interface Figures {
  readonly tool: ToolName;
  /** Thousand probes a second over the sending window, both as the target's interface saw them. */
  readonly kpps: number;
  readonly probes: number;
  /** Part of what answers that was found. */
  readonly recall: number;
  /** Found but not there. */
  readonly wrong: number;
  /** Processor time of all processes of the tool, microseconds per probe. On veth it holds the target's stack too. */
  readonly cpuUs: number;
  readonly megabytes: number;
  readonly wallSeconds: number;
  /** From the start of the program to the first packet. */
  readonly startSeconds: number;
  /** Null when it was killed because it did not end. */
  readonly code: number | null;
  /** What it said last, when it ended badly. */
  readonly said: string;
}

const arrivals = fileURLToPath(new URL('./arrivals-program.ts', import.meta.url));

/** Runs a tool once on a target that has its shape. */
export async function runTool(ground: Ground, tool: ToolName, scenario: Scenario, folder: string): Promise<Figures> {
  const file = join(folder, `${tool}.out`);
  rmSync(file, { force: true });
  writeFileSync(join(folder, 'no-blocklist'), '');
  const call = toolCall(tool, scenario, { folder, file, farMac: await ground.nearMacOfFar() });
  await using counting = await openCounting(ground);
  const before = await ground.probesSeen();
  const cpuBefore = childrenCpuSeconds();
  const started = Date.now();
  const child = startProcess(['ip', 'netns', 'exec', ground.near, ...call.argv], {}, { ownGroup: true });
  preferOverNeighbours(child.pid);
  const memory = watchMemory(child.pid);
  const code = await endOf(child);
  const wallSeconds = (Date.now() - started) / 1000;
  const cpuSeconds = childrenCpuSeconds() - cpuBefore;
  const probes = (await ground.probesSeen()) - before;
  const window = sendingWindow(await counting.stop(), started);
  const finds = call.finds(readIfThere(file));
  // Our own address answers too, but not over the wire.
  finds.delete(wire.onLink);
  const right = [...finds].filter((find) => isThere(find, scenario)).length;
  return {
    tool,
    kpps: probes / window.milliseconds,
    probes,
    recall: right / scenario.expected,
    wrong: finds.size - right,
    cpuUs: (cpuSeconds * 1e6) / Math.max(1, probes),
    megabytes: memory.stop(),
    wallSeconds,
    startSeconds: (window.start - started) / 1000,
    code,
    said: code === 0 ? '' : child.output().slice(-400),
  };
}

/**
 * Whatever else runs on the machine disturbs every tool less: the scheduling group of its session (sched(7)) goes first. Where the kernel has
 * no such groups nothing changes.
 */
function preferOverNeighbours(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/autogroup`, '-19');
  } catch {
    // No autogroups here, or the tool has ended already.
  }
}

/** Exit code, or null for a tool that did not end in ten minutes and was killed. */
async function endOf(child: RunningProcess): Promise<number | null> {
  const ended = new AbortController();
  const tooLate = delay(600_000, undefined, { signal: ended.signal }).then(
    () => child.stop('SIGKILL'),
    () => null,
  );
  try {
    return await Promise.race([child.exited, tooLate]);
  } finally {
    ended.abort();
  }
}

/** Processor time of all children that have ended: fields 16 and 17 of proc_pid_stat(5), in hundredths. */
function childrenCpuSeconds(): number {
  const fields = readFileSync('/proc/self/stat', 'latin1').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[13]) + Number(fields[14])) / 100;
}

interface Counting extends AsyncDisposable {
  stop(): Promise<readonly (readonly [number, number])[]>;
}

async function openCounting(ground: Ground): Promise<Counting> {
  const counter = ground.start(ground.far, [process.execPath, arrivals, wire.device]);
  // A packet now and then: masscan does not end while nothing at all comes in.
  const ping = ground.start(ground.far, ['ping', '-q', '-i', '0.5', wire.near]);
  await counter.waitFor(/counting/);
  let text = '';
  counter.child.stdout?.on('data', (chunk: Buffer) => {
    text += chunk.toString('utf8');
  });
  const stop = async () => {
    await ping.stop();
    await counter.stop();
    const line = text.split('\n').find((each) => each.startsWith('[')) ?? '[]';
    return JSON.parse(line) as [number, number][];
  };
  return { stop, [Symbol.asyncDispose]: async () => void (await stop()) };
}

/** A pause of the sender: so long with fewer frames than one a millisecond. Milliseconds. */
const pauseMs = 50;

/**
 * The time in which frames came, from the first burst until 99.5 % of all were there: late repeats and stray frames do not stretch it,
 * and neither does the wait between two passes.
 */
function sendingWindow(samples: readonly (readonly [number, number])[], started: number) {
  const first = samples[0]?.[1] ?? 0;
  const total = (samples.at(-1)?.[1] ?? 0) - first;
  const reach = (share: number) => samples.findIndex(([, frames]) => frames - first >= total * share);
  const [from, to] = [Math.max(0, reach(0.001)), Math.max(0, reach(0.995))];
  let milliseconds = 0;
  for (let index = from + 1; index <= to; index += 1) {
    const [time = 0, frames = 0] = samples[index] ?? [];
    const [timeBefore = 0, framesBefore = 0] = samples[index - 1] ?? [];
    const took = time - timeBefore;
    if (took < pauseMs || frames - framesBefore >= took) milliseconds += took;
  }
  return { start: samples[from]?.[0] ?? started, milliseconds: Math.max(1, milliseconds / 0.994) };
}

/** Sum of the peak memory of a process and all below it, in megabytes. */
function watchMemory(pid: number): { stop(): number } {
  const peaks = new Map<number, number>();
  const look = () => {
    for (const each of tree(pid)) {
      const status = readIfThere(`/proc/${each}/status`);
      const kilobytes = Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0);
      peaks.set(each, Math.max(peaks.get(each) ?? 0, kilobytes));
    }
  };
  const timer = setInterval(look, 100);
  return {
    stop: () => {
      clearInterval(timer);
      return [...peaks.values()].reduce((sum, kilobytes) => sum + kilobytes, 0) / 1024;
    },
  };
}

function tree(pid: number): number[] {
  try {
    const tasks = readdirSync(`/proc/${pid}/task`);
    const children = tasks.flatMap((task) =>
      readIfThere(`/proc/${pid}/task/${task}/children`).trim().split(/\s+/).filter(Boolean).map(Number),
    );
    return [pid, ...children.flatMap(tree)];
  } catch {
    return [];
  }
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Whether something that was found really answers in a scenario. */
function isThere(find: string, { kind, target, targets }: Scenario): boolean {
  const [host = '', port] = find.split(' ');
  if (kind === 'arp') return host.startsWith('10.78.');
  const open = kind === 'udp' ? target.udp : target.tcp;
  if (!open.includes(Number(port))) return false;
  if (targets.includes(':')) return host.startsWith('fd77::');
  const networks = target.answering.map((prefix) =>
    prefix.endsWith('/16') ? '10.77.' : prefix.slice(0, prefix.lastIndexOf('.') + 1),
  );
  return networks.some((network) => host.startsWith(network));
}
