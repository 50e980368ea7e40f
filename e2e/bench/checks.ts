import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runCommand } from '@picket/testkit/namespaces/run-command';
import { z } from 'zod';
import { workerHeapBounds } from '../../packages/appliance/src/worker/heap-bounds.ts';
import { templateMix } from './checks/template-mix.ts';

const usage = `npm run bench:checks [-- OPTIONS]

Requests a second of the check runtime on loopback beside autocannon on the same server (each asker on one core, the server on the
other), a host with five web ports against thousands of templates, with and without shared answers, and how long 10,000 templates take to load.

  --runs N         rounds in turn (default 5); medians are shown
  --requests N     requests of a round of ours (default 80000); autocannon asks for five seconds
  --templates N    templates against the host (default 8000)
  --only NAME      requests, host or load

Needs taskset (util-linux) and two cores.
`;

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '5' },
    requests: { type: 'string', default: '80000' },
    templates: { type: 'string', default: '8000' },
    only: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
});
const say = (line: string) => void process.stdout.write(`${line}\n`);
const program = (name: string) => join(import.meta.dirname, 'checks', `${name}.ts`);
const connections = '10';

/** The web server, pinned to the first core. */
class WebServer {
  readonly #child;
  readonly #lines: AsyncIterator<string>;

  constructor(ports: number) {
    this.#child = spawn('taskset', ['-c', '0', process.execPath, program('web-server'), String(ports)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** Its next line: the ports first, then the number of requests each time it is asked. */
  async next<T>(shape: z.ZodType<T>, ask = false): Promise<T> {
    if (ask) this.#child.stdin.write('\n');
    const line = await this.#lines.next();
    return shape.parse(JSON.parse(line.done ? 'null' : line.value));
  }

  [Symbol.dispose](): void {
    this.#child.kill();
  }
}

/** Runs an asker on the second core, ours in the heap that a scan worker has, and reads the JSON that it prints. */
async function ask<T>(shape: z.ZodType<T>, name: string, ...args: readonly string[]): Promise<T> {
  const bounds = name === 'ask-as-autocannon' ? [] : workerHeapBounds;
  const done = await runCommand(['taskset', '-c', '1', process.execPath, ...bounds, program(name), ...args], {
    timeoutMs: 900_000,
  });
  if (done.code !== 0) throw new Error(`${name} ended with ${done.code}: ${done.stderr.slice(-500)}`);
  return shape.parse(JSON.parse(done.stdout));
}

const median = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

async function requestsPerSecond(): Promise<void> {
  using server = new WebServer(1);
  const [port = 0] = await server.next(z.number().array());
  const shape = z.object({ requests: z.number(), seconds: z.number() });
  const rates: Record<string, number[]> = { 'ask-as-checks': [], 'ask-as-autocannon': [] };
  const amount: Record<string, string> = { 'ask-as-checks': values.requests, 'ask-as-autocannon': '5' };
  for (let round = 0; round < Number(values.runs); round += 1) {
    for (const [name, list] of Object.entries(rates)) {
      const { requests, seconds } = await ask(shape, name, String(port), amount[name] ?? '', connections);
      list.push(requests / seconds);
    }
  }
  const ours = median(rates['ask-as-checks'] ?? []);
  const theirs = median(rates['ask-as-autocannon'] ?? []);
  say(`requests/s, ${connections} connections, one core: checks ${ours.toFixed(0)}, autocannon ${theirs.toFixed(0)}`);
  say(`  ${ours / theirs >= 0.5 ? 'met' : 'MISSED'}: ratio ${(ours / theirs).toFixed(2)} (at least 0.5)`);
}

async function hostWithFivePorts(): Promise<void> {
  using server = new WebServer(5);
  const ports = await server.next(z.number().array());
  const shape = z.object({
    compileSeconds: z.number(),
    seconds: z.number(),
    passed: z.number(),
    findings: z.number(),
    notEvaluable: z.record(z.string(), z.number()),
    peakMegabytes: z.number(),
  });
  say(`${values.templates} templates, one host with ${ports.length} web ports:`);
  let before = 0;
  for (const sharing of ['shared', 'apart']) {
    const run = await ask(shape, 'scan-host', values.templates, sharing, ...ports.map(String));
    const total = await server.next(z.number(), true);
    const reasons = Object.entries(run.notEvaluable).map(([reason, count]) => `${count} ${reason}`);
    say(
      `  ${sharing}: ${total - before} requests, ${run.seconds.toFixed(1)} s (compiling before: ${run.compileSeconds.toFixed(1)} s), ${run.peakMegabytes.toFixed(0)} MB at most; ${run.passed} passed, ${run.findings} findings, not evaluable: ${reasons.join(', ') || 'none'}`,
    );
    if (sharing === 'shared') say(`  ${run.peakMegabytes < 400 ? 'met' : 'MISSED'}: under 400 MB`);
    before = total;
  }
}

async function loadingFromCache(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'picket-bench-load-'));
  try {
    mkdirSync(join(folder, 'checks'));
    writeFileSync(
      join(folder, 'manifest.json'),
      JSON.stringify({ name: 'bench', version: '20261129.1', engineLevel: 1 }),
    );
    let at = 0;
    for (const source of templateMix(10_000)) writeFileSync(join(folder, 'checks', `mix-${at++}.yaml`), source);
    const shape = z.object({ seconds: z.number(), checks: z.number(), peakMegabytes: z.number() });
    const load = () => ask(shape, 'load-templates', folder, join(folder, 'cache'));
    const cold = await load();
    const warm: number[] = [];
    for (let round = 0; round < Number(values.runs); round += 1) warm.push((await load()).seconds);
    say(
      `${cold.checks} templates: compiled in ${cold.seconds.toFixed(1)} s, from the cache in ${median(warm).toFixed(2)} s`,
    );
    say(`  ${median(warm) < 1 ? 'met' : 'MISSED'}: under 1 s`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (values.help) say(usage);
else {
  const wants = (name: string) => values.only === undefined || values.only === name;
  if (wants('requests')) await requestsPerSecond();
  if (wants('host')) await hostWithFivePorts();
  if (wants('load')) await loadingFromCache();
}
