import { systemClock, systemRandom } from '@picket/base/adapters/system';
import { userError } from '@picket/base/error';
import { formatIp, formatRange, type IpRange } from '@picket/base/ip';
import type { CompiledCheck } from '@picket/checks/check';
import { readsFiles } from '@picket/checks/workflow/link-workflow';
import { loadAllowList } from '@picket/engine/adapters/allow-list-file';
import { nodeSockets } from '@picket/engine/adapters/node-sockets';
import type { CheckResult } from '@picket/engine/checks/check-run';
import { runSingleCheck } from '@picket/engine/checks/run-single';
import { buildPlan, namesToResolve } from '@picket/plan/plan';
import { profiles } from '@picket/plan/profile';
import { resolveNames } from '../scan/resolve-names.ts';
import { loadOneTemplate, type OneTemplate } from './load-template.ts';
import { runOnFiles } from './run-on-files.ts';
import { runSurroundings } from './run-surroundings.ts';
import { parseTarget, type RunTarget } from './target.ts';

/** Options of `picket content run`. */
export interface RunOptions {
  readonly template: string;
  /** A host; a folder or a file for templates that look into files. */
  readonly target: string;
  /** Folder that the template's word lists and parts lie in; null: found by where the template lies. */
  readonly pack: string | null;
  readonly port: number | null;
  readonly tls: boolean;
  readonly intrusive: boolean;
  readonly authorized: boolean;
  readonly allowList: string | null;
}

/** What came of one template on one target. */
export interface TemplateRun {
  readonly check: CompiledCheck;
  readonly place: RunPlace;
  readonly result: CheckResult;
}

/** What a template was run on. */
export type RunPlace = { readonly address: string; readonly port: number } | { readonly path: string };

/** Runs one template on one target through the scope gate. A user error when nothing was to be sent; the message says why. */
export async function runTemplate(options: RunOptions, signal: AbortSignal): Promise<TemplateRun> {
  const template = await loadOneTemplate(options.template, options.pack);
  const { check } = template;
  if (!readsFiles(check)) return runOnHost(template, options, signal);
  const path = options.target;
  return { check, place: { path }, result: await runOnFiles(check, { path, intrusive: options.intrusive }, signal) };
}

async function runOnHost(
  { check, workflow }: OneTemplate,
  options: RunOptions,
  signal: AbortSignal,
): Promise<TemplateRun> {
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
  const { intrusive } = options;
  const parts = workflow === null ? {} : { workflow };
  const run = { check, ...parts, endpoint, protocol, intrusive, profile: profiles.normal, signal } as const;
  const deps = {
    sockets: nodeSockets(),
    clock: systemClock,
    random: systemRandom,
    around: runSurroundings(address),
  };
  const localAllowList = await allowListOf(options.allowList);
  return { check, place: { address, port }, result: await runSingleCheck(run, { ...deps, localAllowList }) };
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
