import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { engineEvent } from '@picket/contracts/event';
import { SaxesParser } from 'saxes';
import { type Lab, nsExec } from '../../../lab/lab-control.ts';
import type { Said } from './verdict.ts';

const picket = fileURLToPath(new URL('../../../packages/cli/bin/picket.mjs', import.meta.url));
const deadlineMs = 3_600_000;

/** What to scan: addresses of both families and the ports of one transport. */
export interface Task {
  readonly ipv4: readonly string[];
  readonly ipv6: readonly string[];
  readonly transport: 'tcp' | 'udp';
  readonly ports: readonly number[];
}

/** What a scanner said, by `address port/transport`, and how long it took from its start to its end. */
export interface Answer {
  readonly said: ReadonlyMap<string, Said>;
  readonly seconds: number;
}

/** A scanner as its user starts it. */
export interface Scanner {
  readonly name: string;
  readonly scan: (lab: Lab, task: Task) => Promise<Answer>;
}

/** Where a service is, as a key of an answer. */
export function placeKey(address: string, transport: string, port: number): string {
  return `${address} ${port}/${transport}`;
}

/** `picket scan`, without checks, since the others have none here either. */
export const picketScan: Scanner = {
  name: 'picket scan',
  async scan(lab, task) {
    const ports = `${task.transport === 'udp' ? 'U:' : ''}${task.ports.join(',')}`;
    const targets = [...task.ipv4, ...task.ipv6];
    const began = performance.now();
    const options = ['--ports', ports, '--profile', 'fast', '--no-checks', '--json'];
    const stdout = await run(lab, [process.execPath, picket, 'scan', ...targets, ...options]);
    const seconds = (performance.now() - began) / 1000;
    const said = new Map<string, Said>();
    for (const line of stdout.split('\n').filter((each) => each !== '')) {
      const event = engineEvent.safeParse(JSON.parse(line)).data;
      if (event?.type !== 'service') continue;
      said.set(placeKey(event.address, event.protocol, event.port), {
        name: event.service,
        product: event.product ?? null,
        version: event.version ?? null,
        guessed: event.method === 'port-number',
        tls: event.tunnel === 'tls',
      });
    }
    return { said, seconds };
  },
};

/** nmap's version detection, in the default timing, without name look-ups (there is no name server). One run for each family. */
export function nmap(...options: readonly string[]): Scanner {
  return {
    name: `nmap ${options.join(' ')}`,
    async scan(lab, task) {
      const said = new Map<string, Said>();
      const began = performance.now();
      for (const [family, targets] of [[[], task.ipv4] as const, [['-6'], task.ipv6] as const]) {
        if (targets.length === 0) continue;
        const how = task.transport === 'tcp' ? '-sS' : '-sU';
        const ports = ['-p', task.ports.join(',')];
        for (const [key, value] of await nmapRun(lab, ['-n', ...family, how, ...options, ...ports, ...targets]))
          said.set(key, value);
      }
      return { said, seconds: (performance.now() - began) / 1000 };
    },
  };
}

async function nmapRun(lab: Lab, args: readonly string[]): Promise<ReadonlyMap<string, Said>> {
  const folder = await mkdtemp(join(tmpdir(), 'picket-bench-nmap-'));
  try {
    const file = join(folder, 'scan.xml');
    await run(lab, ['nmap', '-oX', file, ...args]);
    return readNmap(await readFile(file, 'utf8'));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Reads the services out of nmap's XML. A softmatch leaves `method` probed and no product. */
function readNmap(xml: string): ReadonlyMap<string, Said> {
  const said = new Map<string, Said>();
  const at = { address: '', transport: '', port: 0, open: false };
  const parser = new SaxesParser({ xmlns: false });
  parser.on('opentag', ({ name, attributes }) => {
    if (name === 'address' && attributes.addrtype !== 'mac') at.address = attributes.addr ?? '';
    else if (name === 'port') Object.assign(at, { transport: attributes.protocol, port: Number(attributes.portid) });
    else if (name === 'state') at.open = attributes.state === 'open';
    else if (name === 'service' && at.open) {
      said.set(placeKey(at.address, at.transport, at.port), {
        name: attributes.name ?? '',
        product: attributes.product ?? null,
        version: attributes.version ?? null,
        guessed: attributes.method === 'table',
        tls: attributes.tunnel === 'ssl',
      });
    }
  });
  parser.write(xml).close();
  return said;
}

async function run(lab: Lab, argv: readonly string[]): Promise<string> {
  const result = await nsExec(lab, 'scanner', argv, { timeoutMs: deadlineMs });
  if (result.code === 0 || result.code === 1) return result.stdout;
  throw new Error(`${argv[0]} ended with code ${result.code}: ${result.stderr.slice(-2000)}`);
}
