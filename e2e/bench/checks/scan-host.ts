import { performance } from 'node:perf_hooks';
import { compileCheck } from '@picket/checks/compile-check';
import type { CompiledCheck } from '@picket/checks/check';
import { defaultCheckLimits } from '@picket/engine/checks/check-session';
import { createRunChecks } from '@picket/engine/checks/run-checks';
import { address, benchTools, webService } from './checks-session.ts';
import { templateMix } from './template-mix.ts';

/*
 * `scan-host.ts TEMPLATES shared|apart PORT...`: compiles so many templates of the mix and runs them on the web ports of one host,
 * sharing the answers to identical requests or asking for each anew. Prints seconds, checks and peak memory as JSON.
 */
const [count = '8000', sharing = 'shared', ...ports] = process.argv.slice(2);
const compileStarted = performance.now();
const checks: CompiledCheck[] = [];
for (const source of templateMix(Number(count))) {
  const compiled = compileCheck(source);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.error));
  checks.push(compiled.value);
}
const compileSeconds = (performance.now() - compileStarted) / 1000;

const limits = { ...defaultCheckLimits, ...(sharing === 'apart' ? { sharedBytes: 0 } : {}) };
const run = createRunChecks({ version: 'bench', checks }, limits);
const tools = benchTools();
const started = performance.now();
const ended = { passed: 0, notEvaluable: new Map<string, number>(), findings: 0 };
for await (const event of run({ address, names: [], services: ports.map((port) => webService(Number(port))) }, tools)) {
  if (event.type === 'finding') ended.findings += 1;
  if (event.type !== 'checked') continue;
  ended.passed += event.passed.length;
  for (const { reason } of event.notEvaluable)
    ended.notEvaluable.set(reason, (ended.notEvaluable.get(reason) ?? 0) + 1);
}
const seconds = (performance.now() - started) / 1000;
tools.close();
const peakMegabytes = process.resourceUsage().maxRSS / 1024;
const notEvaluable = Object.fromEntries(ended.notEvaluable);
process.stdout.write(
  `${JSON.stringify({ compileSeconds, seconds, passed: ended.passed, findings: ended.findings, notEvaluable, peakMegabytes })}\n`,
);
process.exit(0);
