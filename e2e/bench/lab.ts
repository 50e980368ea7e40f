import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { type Lab, labDown, labUp } from '../../lab/lab-control.ts';
import { judgeFindings } from './lab/judgement.ts';
import { type LabRun, type LabTask, runNmap, runPicket } from './lab/runs.ts';

/**
 * A whole scan of the whole lab: every TCP port, services, every check, beside `nmap -p- -sV -sC` in the same run. Prints hosts an hour, the
 * ratio of the times, the share of the planted weaknesses that was found, false findings, packets and bytes. Ends with 1 when a bar is missed.
 * Needs root on Linux.
 */
const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });

/** Hosts an hour on two cores; most of nmap's time; least share of what is planted; most false findings. */
const bars = { hostsPerHour: 1000, timeRatio: 0.25, found: 0.9, wrong: 0 } as const;

const name = `benchlab${process.pid}`;
const say = (text: string) => void process.stdout.write(`${text}\n`);

const lab = await labUp({ name });
try {
  const task = taskOf(lab);
  const load = loadavg()[0] ?? 0;
  const ours = await runPicket(lab, task);
  const theirs = await runNmap(lab, task);
  const judgement = judgeFindings(lab.truth, new Set([...task.ipv4, ...task.ipv6]), ours.findings);
  const open = openPorts(lab, task);
  const hosts = lab.truth.hosts.length;
  const figures = {
    hosts,
    loadBefore: load,
    hostsPerHour: (hosts * 3600) / ours.seconds,
    timeRatio: ours.seconds / theirs.seconds,
    found: 1 - judgement.missed.length / judgement.planted.length,
    wrong: judgement.falseOnHardened.length + judgement.unnamed.length,
    runs: [ours, theirs].map((run) => ({ ...run, open: undefined, findings: undefined, ...portScore(run, open) })),
    judgement,
  };
  const missed = [
    figures.hostsPerHour >= bars.hostsPerHour ? '' : `fewer than ${bars.hostsPerHour} hosts an hour`,
    figures.timeRatio <= bars.timeRatio ? '' : `more than ${bars.timeRatio} of nmap's time`,
    figures.found >= bars.found ? '' : `less than ${100 * bars.found} % of the planted weaknesses`,
    figures.wrong <= bars.wrong ? '' : 'false findings',
  ].filter((text) => text !== '');
  if (values.json) say(JSON.stringify({ ...figures, missed }));
  else {
    say(`${hosts} hosts x 65,535 TCP ports, services, checks; load of this machine before: ${load.toFixed(1)}\n`);
    for (const run of figures.runs)
      say(
        `  ${run.tool.padEnd(18)}${run.seconds.toFixed(1).padStart(8)} s ${String(run.packets).padStart(10)} packets ${(run.bytes / 1e6).toFixed(1).padStart(8)} MB  ${run.right} of ${open.size} open ports, ${run.invented} not there`,
      );
    say(
      `\n  ${figures.hostsPerHour.toFixed(0)} hosts an hour; ${(100 * figures.timeRatio).toFixed(1)} % of nmap's time`,
    );
    say(
      `  ${judgement.planted.length - judgement.missed.length} of ${judgement.planted.length} planted weaknesses found (${(100 * figures.found).toFixed(1)} %); ${figures.wrong} false findings`,
    );
    for (const each of judgement.missed) say(`    missed: ${each}`);
    for (const each of judgement.falseOnHardened) say(`    false: ${each}`);
    for (const each of judgement.unnamed) say(`    not in the truth: ${each}`);
    say(missed.length === 0 ? '\nEvery bar is held.' : `\nMissed: ${missed.join('; ')}.`);
  }
  process.exitCode = missed.length === 0 ? 0 : 1;
} finally {
  await labDown(name);
}

/** Every host by its first address. */
function taskOf({ truth }: Lab): LabTask {
  const udp = truth.hosts.flatMap((host) => host.services).filter((service) => service.transport === 'udp');
  return {
    ipv4: truth.hosts.flatMap((host) => host.ipv4 ?? []),
    ipv6: truth.hosts.flatMap((host) => (host.ipv4 === undefined ? (host.ipv6 ?? []) : [])),
    udpPorts: [...new Set(udp.map((service) => service.port))].toSorted((a, b) => a - b),
  };
}

/** Open TCP ports of the truth at the scanned addresses. */
function openPorts({ truth }: Lab, { ipv4 }: LabTask): ReadonlySet<string> {
  return new Set(
    truth.hosts.flatMap((host) => {
      const address = host.ipv4 ?? host.ipv6 ?? '';
      const family = ipv4.includes(address) ? 'ipv4' : 'ipv6';
      return host.services
        .filter((service) => service.transport === 'tcp' && service.families.includes(family))
        .map((service) => `${address} ${service.port}`);
    }),
  );
}

function portScore(run: LabRun, open: ReadonlySet<string>): { right: number; invented: number } {
  const right = [...run.open].filter((each) => open.has(each)).length;
  return { right, invented: run.open.size - right };
}
