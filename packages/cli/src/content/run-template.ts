import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { packFiles } from '@picket/base/adapters/pack-files';
import { systemClock, systemRandom } from '@picket/base/adapters/system';
import { describeError, userError } from '@picket/base/error';
import { formatIp, formatRange, type IpRange } from '@picket/base/ip';
import type { CompiledCheck } from '@picket/checks/check';
import { compileCheck } from '@picket/checks/compile-check';
import { loadAllowList } from '@picket/engine/adapters/allow-list-file';
import { nodeSockets } from '@picket/engine/adapters/node-sockets';
import type { CheckResult } from '@picket/engine/checks/check-run';
import { scriptThreads } from '@picket/engine/adapters/script-thread';
import { runSingleCheck } from '@picket/engine/checks/run-single';
import { buildPlan, namesToResolve } from '@picket/plan/plan';
import { profiles } from '@picket/plan/profile';
import { resolveNames } from '../scan/resolve-names.ts';
import { parseTarget, type RunTarget } from './target.ts';

/** Options of `picket content run`. */
export interface RunOptions {
  readonly template: string;
  readonly target: string;
  readonly port: number | null;
  readonly tls: boolean;
  readonly intrusive: boolean;
  readonly authorized: boolean;
  readonly allowList: string | null;
}

/** What came of one template on one target. */
export interface TemplateRun {
  readonly check: CompiledCheck;
  readonly address: string;
  readonly port: number;
  readonly result: CheckResult;
}

/** Runs one template on one target through the scope gate. A user error when nothing was to be sent; the message says why. */
export async function runTemplate(options: RunOptions, signal: AbortSignal): Promise<TemplateRun> {
  const check = await loadTemplate(options.template);
  const target = parseTarget(options.target);
  if (!target.ok) throw userError('cli.target-invalid', target.error);
  const port = options.port ?? target.value.port ?? usualPort(check, options.tls || target.value.tls === true);
  const address = await allowedAddress(target.value, options.authorized);
  const named = target.value.host !== address && /[A-Za-z]/.test(target.value.host) && !target.value.host.includes(':');
  const endpoint = {
    address,
    name: named ? target.value.host : null,
    port,
    tls: options.tls || (target.value.tls ?? (port === 443 || port === 8443)),
  };
  const protocol = check.protocols[0] === 'udp' ? 'udp' : 'tcp';
  const run = { check, endpoint, protocol, intrusive: options.intrusive, profile: profiles.normal, signal } as const;
  const deps = {
    sockets: nodeSockets(),
    clock: systemClock,
    random: systemRandom,
    around: { scripts: scriptThreads() },
  };
  const localAllowList = await allowListOf(options.allowList);
  return { check, address, port, result: await runSingleCheck(run, { ...deps, localAllowList }) };
}

async function loadTemplate(path: string): Promise<CompiledCheck> {
  const source = await readFile(path, 'utf8').catch((error: unknown) => {
    throw userError('cli.template-unreadable', `The template ${path} can't be read: ${describeError(error)}.`);
  });
  const compiled = compileCheck(source, packFiles(packOf(resolve(path))));
  if (compiled.ok) return compiled.value;
  const reasons = compiled.error.problems.map(({ message }) => message).join(' ');
  throw userError(
    'cli.template-refused',
    `The template ${path} can't be run: ${reasons}`,
    '"picket content lint" says more.',
  );
}

/** The pack of a template is the nearest folder above it that has word lists, else its own. */
function packOf(path: string): string {
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder))
    if (['manifest.json', 'helpers', 'LICENSE.md', '.git'].some((name) => existsSync(join(folder, name))))
      return folder;
  return dirname(path);
}

function usualPort(check: CompiledCheck, tls: boolean): number {
  const port = check.ports[0] ?? { http: tls ? 443 : 80, tls: 443 }[String(check.protocols[0])];
  if (port !== undefined) return port;
  throw userError(
    'cli.port-missing',
    `The template ${check.id} names no port.`,
    'Say it with --port or in the target.',
  );
}

/** The one address that is asked, by the rules of every scan. */
async function allowedAddress(target: RunTarget, authorized: boolean): Promise<string> {
  const request = { targets: target.host, exclude: '' };
  const plan = buildPlan({
    ...request,
    kind: 'scan',
    ports: 'none',
    profile: profiles.normal,
    assumeAlive: true,
    services: false,
    checks: false,
    resolved: await resolveNames(namesToResolve(request)),
  });
  if (!plan.ok) throw userError('cli.target-invalid', plan.error.map(({ message }) => message).join(' '));
  const [range] = plan.value.ranges;
  if (!range) throw userError('cli.target-invalid', `${target.host} has no address.`);
  if (plan.value.publicRanges.length > 0 && !authorized)
    throw userError(
      'cli.target-public',
      `${plan.value.publicRanges.slice(0, 3).map(formatRange).join(', ')} is on the public Internet. Nothing was sent.`,
      "Run templates on it only with its owner's permission, and say so with --authorized.",
    );
  return firstAddress(range);
}

function firstAddress(range: IpRange): string {
  return formatIp({ family: range.family, bits: range.first });
}

async function allowListOf(path: string | null) {
  if (path === null) return null;
  const list = await loadAllowList(path);
  if (list.error !== undefined) throw userError('cli.allow-list', list.error);
  if (list.ranges === null) throw userError('cli.allow-list', `The allow-list ${path} does not exist.`);
  return list.ranges;
}
