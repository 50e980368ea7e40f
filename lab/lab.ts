import { parseArgs } from 'node:util';
import { canUseNamespaces } from '@picket/testkit/namespaces/can-use-namespaces';
import { installPackages } from './install.ts';
import { labDown, labUp, openLab } from './lab-control.ts';
import { labPackages } from './packages.ts';
import { installProducts } from './products/npm-cache.ts';
import { productPackages } from './products/server-daemons.ts';
import { labStatus } from './status.ts';
import { verifyLab } from './verify/verify.ts';

const usage = `usage: lab up|down|verify|status|install [--name NAME] [--host HOST ...] [--products] [--json]
  install  install the Debian packages (starts and enables none of their services); with --products also what npm has
  up       bring the lab up                 down    take it down, whatever state it is in
  verify   prove truth.json without Picket  status  what of it is there
`;

type Command = (options: {
  name: string;
  hosts: readonly string[] | undefined;
  products: boolean;
}) => Promise<{ json: unknown; text: string; code?: number }>;

const commands: Readonly<Record<string, Command>> = {
  install: async ({ products }) => {
    const installed = await installPackages(products ? [...labPackages, ...productPackages] : labPackages);
    if (products) await installProducts((line) => process.stderr.write(`${line}\n`));
    return {
      json: { installed },
      text: installed.length === 0 ? 'everything is there' : `installed ${installed.join(' ')}`,
    };
  },
  up: async ({ name, hosts, products }) => {
    const started = performance.now();
    const lab = await labUp({ name, products, ...(hosts === undefined ? {} : { hosts }) });
    const seconds = (performance.now() - started) / 1000;
    const text = `lab "${name}" is up: ${lab.truth.hosts.length} hosts in ${seconds.toFixed(1)} s, files in ${lab.names.folder}`;
    return { json: { name, hosts: lab.truth.hosts.length, seconds, folder: lab.names.folder }, text };
  },
  down: async ({ name }) => {
    await labDown(name);
    return { json: { name }, text: `lab "${name}" is down` };
  },
  verify: async ({ name }) => {
    const report = await verifyLab(await openLab(name));
    const lines = report.failures.map((failure) => `FAIL ${failure.host}: ${failure.what}: ${failure.detail}`);
    const text = [...lines, `${report.proved} statements proved, ${report.failures.length} failed`].join('\n');
    return { json: report, text, code: report.failures.length === 0 ? 0 : 1 };
  },
  status: async ({ name }) => {
    const status = await labStatus(name);
    const text = `lab "${name}": ${status.phase}, ${status.namespaces.length} namespaces, ${status.processes} processes`;
    return { json: status, text };
  },
};

async function main(): Promise<number> {
  const options = {
    name: { type: 'string', default: 'default' },
    host: { type: 'string', multiple: true },
    products: { type: 'boolean', default: false },
    json: { type: 'boolean' },
  } as const;
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const command = commands[positionals[0] ?? ''];
  if (command === undefined || positionals.length > 1) {
    process.stderr.write(usage);
    return 2;
  }
  const support = canUseNamespaces();
  if (!support.ok) throw new Error(`the lab cannot run here: ${support.reason}`);
  const result = await command({ name: values.name, hosts: values.host, products: values.products });
  process.stdout.write(`${values.json === true ? JSON.stringify(result.json, null, 2) : result.text}\n`);
  return result.code ?? 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`lab: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 2;
}
