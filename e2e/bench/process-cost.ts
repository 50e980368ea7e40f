import { readdirSync, readFileSync } from 'node:fs';

/** What a process and everything below it costs. */
export interface ProcessCost {
  readonly processes: number;
  /** Proportional set size: shared pages counted in parts. */
  readonly megabytes: number;
  /** Processor seconds so far, of the processes that live now. */
  readonly cpuSeconds: number;
}

/** Ticks of `/proc/<pid>/stat` a second (`sysconf(_SC_CLK_TCK)`, 100 on Linux). */
const ticksASecond = 100;

function tree(pid: number): number[] {
  const tasks = readdirSync(`/proc/${pid}/task`);
  const children = tasks.flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').trim().split(/\s+/).filter(Boolean).map(Number),
  );
  return [pid, ...children.flatMap(tree)];
}

/** Reads it from `/proc`; needs Linux and the rights to look at that process. */
export function processCost(pid: number): ProcessCost {
  const pids = tree(pid);
  let kilobytes = 0;
  let ticks = 0;
  for (const each of pids) {
    kilobytes += Number(/^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${each}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
    const fields = readFileSync(`/proc/${each}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    ticks += Number(fields[11]) + Number(fields[12]);
  }
  return { processes: pids.length, megabytes: kilobytes / 1024, cpuSeconds: ticks / ticksASecond };
}
