import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startProcess } from '@picket/testkit/running-process';
import { Deployment } from '../harness/deployment.ts';

/**
 * What an enrolled appliance without work costs: memory (PSS: shared pages counted in parts) and processor time of all its
 * processes, beside a Node.js that does nothing at all. Traffic stays on loopback.
 */
const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '60' }, port: { type: 'string', default: '28443' } },
});
const seconds = Number(values.seconds);

interface Cost {
  readonly processes: number;
  readonly megabytes: number;
  /** Processor seconds so far. */
  readonly cpu: number;
}

/** A process and everything below it. */
function tree(pid: number): number[] {
  const tasks = readdirSync(`/proc/${pid}/task`);
  const children = tasks.flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').trim().split(/\s+/).filter(Boolean).map(Number),
  );
  return [pid, ...children.flatMap(tree)];
}

function cost(pid: number): Cost {
  const pids = tree(pid);
  let kilobytes = 0;
  let ticks = 0;
  for (const each of pids) {
    kilobytes += Number(/^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${each}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
    const fields = readFileSync(`/proc/${each}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    ticks += Number(fields[11]) + Number(fields[12]);
  }
  return { processes: pids.length, megabytes: kilobytes / 1024, cpu: ticks / 100 };
}

const peer = startProcess([process.execPath, '-e', 'setInterval(() => {}, 1000)']);
const place = { launch: startProcess, listen: '127.0.0.1', port: Number(values.port) };
try {
  await using deployment = await Deployment.create({ platform: place, appliance: { launch: startProcess } });
  await deployment.startPlatform();
  await deployment.enrol('idle', []);
  await delay(10_000);
  const before = cost(deployment.appliance.pid);
  const peerBefore = cost(peer.pid);
  await delay(seconds * 1000);
  const after = cost(deployment.appliance.pid);
  const peerAfter = cost(peer.pid);
  const percent = (from: Cost, to: Cost) => (((to.cpu - from.cpu) / seconds) * 100).toFixed(2);
  process.stdout.write(
    `appliance idle for ${seconds} s: ${after.processes} process(es), ${after.megabytes.toFixed(1)} MB PSS, ${percent(before, after)} % of a core (bar: 120 MB, 1 %)\n` +
      `bare Node.js beside it: ${peerAfter.megabytes.toFixed(1)} MB, ${percent(peerBefore, peerAfter)} %; ratio of memory ${(after.megabytes / peerAfter.megabytes).toFixed(2)}\n`,
  );
} finally {
  await peer.stop();
}
