import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packFiles } from '@picket/base/adapters/pack-files';
import { systemClock, systemRandom } from '@picket/base/adapters/system';
import { describeError } from '@picket/base/error';
import { openPack } from '@picket/checks/adapters/template-tree';
import { compileCheck } from '@picket/checks/compile-check';
import { linkWorkflow } from '@picket/checks/workflow/link-workflow';
import { folderFiles } from '@picket/engine/adapters/folder-files';
import { nodeDnsPort } from '@picket/engine/adapters/node-dns-port';
import { nodeSockets } from '@picket/engine/adapters/node-sockets';
import { defaultCheckLimits } from '@picket/engine/checks/check-session';
import { noSettings } from '@picket/engine/checks/check-settings';
import type { CheckMatch } from '@picket/engine/checks/program/program-run';
import { scriptThreads } from '@picket/engine/adapters/script-thread';
import { runSingleCheck } from '@picket/engine/checks/run-single';
import { profiles } from '@picket/plan/profile';
import type { CaseGot, CaseOutcome, CasePlay, CaseRun, CaseTools, ConformanceCase } from './conformance-case.ts';

/** Servers are on this machine: silence is known soon. */
const limits = { ...defaultCheckLimits, firstByteMs: 1000, idleMs: 100, checkMs: 60_000 };

/** Plays one case and closes what it started. A fault of the harness is an outcome too. */
export async function runCase(folder: string, one: ConformanceCase, play: CasePlay | undefined): Promise<CaseOutcome> {
  if (!play) return { got: 'not played', ok: false, detail: 'the harness has no server for it yet' };
  const owned: { close(): unknown }[] = [];
  const tools: CaseTools = {
    folder,
    template: one.template,
    run: (run) => runTemplate(folder, one.template, run),
    own: (thing) => {
      owned.push(thing);
      return thing;
    },
  };
  try {
    return await play(tools, one.expect);
  } catch (error) {
    return { got: 'fault', ok: false, detail: describeError(error) };
  } finally {
    for (const thing of owned.reverse()) await thing.close();
  }
}

async function runTemplate(folder: string, template: string, run: CaseRun): Promise<CaseGot> {
  const source = (run.edit ?? same)(readFileSync(join(folder, template), 'utf8'));
  const compiled = compileCheck(source, packFiles(folder));
  if (!compiled.ok) {
    const reasons = compiled.error.problems.map(({ message }) => message).join(' ');
    return { results: 0, result: null, matches: [], problem: reasons };
  }
  const { path } = run;
  const workflow = compiled.value.workflow && linkWorkflow(compiled.value, template, await openPack(folder));
  if (workflow !== null && !('steps' in workflow))
    return { results: 0, result: null, matches: [], problem: workflow.map(({ message }) => message).join(' ') };
  const matches: CheckMatch[] = [];
  const result = await runSingleCheck(
    {
      check: compiled.value,
      ...(workflow === null ? {} : { workflow }),
      endpoint: {
        address: '127.0.0.1',
        name: run.name ?? null,
        port: run.port,
        tls: run.tls ?? false,
        ...(path === undefined ? {} : { path }),
      },
      protocol: 'tcp',
      intrusive: true,
      profile: profiles.lab,
      signal: new AbortController().signal,
      limits: { ...limits, ...run.limits },
      settings: { ...noSettings, ...run.settings },
      observe: (found) => void matches.push(...found),
    },
    {
      sockets: nodeSockets(),
      clock: systemClock,
      random: systemRandom,
      localAllowList: null,
      around: {
        dns: run.dns === undefined ? null : nodeDnsPort({ servers: [run.dns], timeoutMs: 1000 }),
        oast: run.oast ?? null,
        files: run.files === undefined ? null : folderFiles(join(folder, run.files)),
        scripts,
        logins: { mayTry: () => true },
      },
    },
  );
  return { results: matches.length, result, matches, problem: '' };
}

/** One set of threads for all cases. */
const scripts = scriptThreads();

const same = (source: string) => source;
