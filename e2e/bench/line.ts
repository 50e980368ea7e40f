import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { NetworkLab } from '@picket/testkit/namespaces/network-lab';
import { z } from 'zod';
import { Deployment } from '../harness/deployment.ts';
import { Program } from '../harness/process.ts';

const usage = `npm run bench:line [-- OPTIONS]

A scan of many hosts by an appliance whose platform is at the end of a narrow, long line, beside the same scan without the line: how long it
takes, what goes over the line, how long results come in after the scanning. Namespaces on this machine; a relay of ours is the line. Needs root on Linux.

  --hosts N      hosts that answer, 1 to 1022 (default 1000)
  --kbits N      each way (default 1500)
  --delay-ms MS  one way (default 150: 300 ms there and back)
  --json         as JSON
`;

const { values } = parseArgs({
  options: {
    hosts: { type: 'string', default: '1000' },
    kbits: { type: 'string', default: '1500' },
    'delay-ms': { type: 'string', default: '150' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h' },
  },
});
if (values.help) {
  process.stdout.write(usage);
  process.exit(0);
}
const root = join(import.meta.dirname, '../..');
const hosts = Math.min(1022, Math.max(1, Number(values.hosts)));
const last = `10.46.${4 + ((hosts - 1) >> 8)}.${(hosts - 1) & 255}`;
const place = { listen: '10.45.0.2', port: 8443 };
const linePort = 8444;
const carriedBytes = z.object({ up: z.number(), down: z.number(), connections: z.number() });

/** An appliance and its targets on one network, the platform on another that only the appliance reaches. */
async function openGround(): Promise<NetworkLab> {
  const lab = new NetworkLab('li');
  for (const bridge of ['inner', 'outer']) await lab.addBridge(bridge);
  for (const name of ['box', 'platform', 'target']) await lab.addNamespace(name);
  await lab.connect('box', 'inner', 'lan0', ['10.46.0.1/21']);
  await lab.connect('box', 'outer', 'out0', ['10.45.0.1/24']);
  await lab.connect('platform', 'outer', 'out0', [`${place.listen}/24`]);
  await lab.connect('target', 'inner', 'lan0', ['10.46.0.2/21']);
  // Every address of the range is the target's own.
  await lab.run('target', ['ip', 'route', 'add', 'local', '10.46.4.0/22', 'dev', 'lo']);
  return lab;
}

interface Run {
  readonly seconds: number;
  readonly findings: number;
  readonly line: z.infer<typeof carriedBytes> | null;
}

async function scanOnce(narrow: boolean): Promise<Run> {
  const lab = await openGround();
  const closing: (() => Promise<unknown>)[] = [() => lab.close()];
  try {
    const inside = (name: string) => (argv: readonly string[], env: Readonly<Record<string, string>>) =>
      lab.start(name, argv, { env });
    const services = new Program(inside('target'), [process.execPath, join(root, 'e2e/bench/line/services.ts')]);
    closing.push(() => services[Symbol.asyncDispose]());
    await services.start(/ready/);
    const line = new Program(inside('platform'), [
      process.execPath,
      join(root, 'e2e/programs/slow-line.ts'),
      `--listen=${place.listen}:${linePort}`,
      `--to=${place.listen}:${place.port}`,
      `--kbits=${values.kbits}`,
      `--delay-ms=${values['delay-ms']}`,
    ]);
    closing.push(() => line[Symbol.asyncDispose]());
    await line.start(/line ready/);
    const deployment = await Deployment.create({
      platform: { launch: inside('platform'), ...place },
      appliance: { launch: inside('box') },
      ...(narrow ? { publicPort: linePort } : {}),
    });
    closing.push(() => deployment[Symbol.asyncDispose]());
    await deployment.startPlatform();
    const networkId = await deployment.network('Inner', '10.46.0.0/21');
    await deployment.enrol('far', [networkId]);
    const started = performance.now();
    const request = { kind: 'scan' as const, profile: 'fast' as const, ports: 'top1000' as const };
    const id = await deployment.launch({ ...request, networkId, targets: `10.46.4.0-${last}` });
    const scan = await deployment.untilEnded(id, 3_600_000);
    if (scan.status !== 'finished') throw new Error(`the scan ended as ${scan.status}: ${scan.statusReason}`);
    const seconds = (performance.now() - started) / 1000;
    const findings = Object.values(scan.findings).reduce((sum, count) => sum + count, 0);
    return { seconds, findings, line: narrow ? await readLine(line) : null };
  } finally {
    for (const close of closing.toReversed()) await close();
  }
}

async function readLine(line: Program): Promise<z.infer<typeof carriedBytes>> {
  process.kill(line.pid, 'SIGUSR2');
  const said = await line.waitFor(/^\{.*\}$/m);
  return carriedBytes.parse(JSON.parse(said[0]));
}

const wide = await scanOnce(false);
const narrow = await scanOnce(true);
if (values.json) process.stdout.write(`${JSON.stringify({ hosts, wide, narrow })}\n`);
else {
  const { up = 0, down = 0, connections = 0 } = narrow.line ?? {};
  const most = (Number(values.kbits) * 1000 * narrow.seconds) / 8;
  process.stdout.write(
    `${hosts} hosts with three services, 1000 ports each\n` +
      `  platform beside the appliance: ${wide.seconds.toFixed(0)} s, ${wide.findings} findings\n` +
      `  ${values.kbits} kbit/s, ${2 * Number(values['delay-ms'])} ms there and back: ${narrow.seconds.toFixed(0)} s (${(narrow.seconds / wide.seconds).toFixed(2)} times), ${narrow.findings} findings\n` +
      `  over the line: ${(up / 1e6).toFixed(2)} MB up (${((100 * up) / most).toFixed(0)} % of what it carries), ${(down / 1e6).toFixed(2)} MB down, ${connections} connections\n`,
  );
}
process.exitCode = narrow.findings === wide.findings ? 0 : 1;
