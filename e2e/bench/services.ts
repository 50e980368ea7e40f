import { parseArgs } from 'node:util';
import { type Lab, labDown, labUp } from '../../lab/lab-control.ts';
import { readVersions } from '../../lab/verify/versions.ts';
import { differences, type Fact, facts, type Row, score, wrongClaims } from './services/report.ts';
import { type Answer, nmap, picketScan, placeKey, type Scanner, type Task } from './services/scanners.ts';
import { judgeService } from './services/verdict.ts';

/**
 * Names, products and versions of the lab's services as Picket and nmap find them, beside what the services tell (`lab/truth.json`,
 * versions from dpkg), and how long it takes. Both are started as a user starts them, from the same namespace, one after the
 * other, on the same addresses and ports. Ends with 1 when a bar is missed. Needs root on Linux.
 */
const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });

/** Least part of what is told that must be right, and most of plain -sV's time that may be needed. */
const bars: Readonly<Record<Fact, number>> = { name: 0.98, product: 0.95, version: 0.9 };
const timeBar = 0.25;

const scanners: readonly Scanner[] = [picketScan, nmap('-sV'), nmap('-sV', '--version-all')];
const names = scanners.map((scanner) => scanner.name);

interface Measured {
  readonly transport: 'tcp' | 'udp';
  readonly answers: readonly Answer[];
}

const name = `bench${process.pid}`;
const say = (text: string) => void process.stdout.write(`${text}\n`);

const lab = await labUp({ name });
try {
  const measured: Measured[] = [];
  for (const transport of ['tcp', 'udp'] as const) {
    const task = taskOf(lab, transport);
    const answers: Answer[] = [];
    for (const scanner of scanners) answers.push(await scanner.scan(lab, task));
    measured.push({ transport, answers });
  }
  const rows = await judge(lab, measured);
  if (values.json)
    say(
      JSON.stringify({
        scanners: names,
        seconds: measured.map(({ transport, answers }) => ({
          transport,
          seconds: answers.map((each) => each.seconds),
        })),
        rows,
      }),
    );
  else print(lab, rows, measured);
  process.exitCode = missedBars(rows, measured).length === 0 ? 0 : 1;
} finally {
  await labDown(name);
}

/** Every host of the lab by its first address; the ports that any host has open, for all of them. */
function taskOf({ truth }: Lab, transport: 'tcp' | 'udp'): Task {
  const services = truth.hosts.flatMap((host) => host.services).filter((service) => service.transport === transport);
  return {
    ipv4: truth.hosts.flatMap((host) => host.ipv4 ?? []),
    ipv6: truth.hosts.flatMap((host) => (host.ipv4 === undefined ? (host.ipv6 ?? []) : [])),
    transport,
    ports: [...new Set(services.map((service) => service.port))].toSorted((a, b) => a - b),
  };
}

async function judge({ truth }: Lab, measured: readonly Measured[]): Promise<readonly Row[]> {
  const versions = await readVersions(truth);
  return truth.hosts.flatMap((host) =>
    host.services.map((service) => {
      const address = host.ipv4 ?? host.ipv6 ?? '';
      const version = service.package === undefined ? undefined : versions[service.package]?.upstream;
      const answers = measured.find((each) => each.transport === service.transport)?.answers ?? [];
      const results = answers.map((answer) => {
        const said = answer.said.get(placeKey(address, service.transport, service.port));
        return { said, verdict: judgeService(service, version, said) };
      });
      return { host: host.name, address, service, version, results };
    }),
  );
}

function print({ truth }: Lab, rows: readonly Row[], measured: readonly Measured[]): void {
  say(`${truth.hosts.length} hosts, ${rows.length} services; nmap in its default timing, picket in the profile fast\n`);
  const columns = scanners.map((_, index) => index);
  const line = (title: string, cells: readonly string[]) =>
    say(`${title.padEnd(26)}${cells.map((cell) => cell.padStart(26)).join('')}`);
  line('', names);
  for (const fact of facts)
    line(
      `${fact}s right of those told`,
      columns.map((column) => {
        const { right, told } = score(rows, column, fact);
        return `${right}/${told} (${((100 * right) / told).toFixed(1)} %)`;
      }),
    );
  line(
    'claims that are wrong',
    columns.map((column) => String(wrongClaims(rows, column))),
  );
  for (const { transport, answers } of measured)
    line(
      `seconds, ${transport.toUpperCase()}`,
      answers.map((answer) => answer.seconds.toFixed(1)),
    );
  line(
    'seconds in all',
    columns.map((column) => totalSeconds(measured, column).toFixed(1)),
  );
  say(`\nWhere they differ from each other or from the truth:\n${differences(rows, names)}\n`);
  const missed = missedBars(rows, measured);
  say(missed.length === 0 ? 'Every bar is met.' : `Missed:\n${missed.join('\n')}`);
}

function totalSeconds(measured: readonly Measured[], scanner: number): number {
  return measured.reduce((sum, { answers }) => sum + (answers[scanner]?.seconds ?? 0), 0);
}

function missedBars(rows: readonly Row[], measured: readonly Measured[]): readonly string[] {
  const accuracy = facts.flatMap((fact) => {
    const [ours, plain, all] = scanners.map((_, index) => score(rows, index, fact));
    if (!ours || !plain || !all) return [];
    const most = Math.max(plain.right, all.right);
    return [
      ...(ours.right / ours.told < bars[fact]
        ? [`${fact}s: ${ours.right} of ${ours.told}, the bar is ${bars[fact]}`]
        : []),
      ...(ours.right < most ? [`${fact}s: ${ours.right}, nmap has ${most}`] : []),
    ];
  });
  const times = measured.flatMap(({ transport, answers: [ours, plain] }) =>
    ours && plain && ours.seconds > timeBar * plain.seconds
      ? [`${transport}: ${ours.seconds.toFixed(1)} s, a quarter of -sV's is ${(timeBar * plain.seconds).toFixed(1)} s`]
      : [],
  );
  return [...accuracy, ...times];
}
