import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CheckLimits } from '@picket/engine/checks/check-session';
import type { CheckResult } from '@picket/engine/checks/check-run';
import type { CheckMatch } from '@picket/engine/checks/program/program-run';
import type { CheckSettings } from '@picket/engine/checks/check-settings';
import type { OastPort } from '@picket/engine/oast/oast-port';
import { z } from 'zod';

/** One case of the suite, as `cases.json` describes it. */
const caseSchema = z.object({
  /** Path below the suite's folder. */
  template: z.string(),
  server: z.string(),
  run: z.string(),
  /** How many results, or in words. */
  expect: z.union([z.number(), z.string()]),
  note: z.string().optional(),
});
export type ConformanceCase = z.infer<typeof caseSchema>;

export function readCases(folder: string): readonly ConformanceCase[] {
  return z.array(caseSchema).parse(JSON.parse(readFileSync(join(folder, 'cases.json'), 'utf8')));
}

/** Where and how a case's template is run. */
export interface CaseRun {
  readonly port: number;
  readonly tls?: boolean;
  /** Name of the host; default: it has none. */
  readonly name?: string;
  readonly path?: string;
  /** `address:port` of the resolver; default: there is none. */
  readonly dns?: string;
  /** Where the target can call back to; default: nowhere. */
  readonly oast?: OastPort;
  readonly settings?: Partial<CheckSettings>;
  readonly limits?: Partial<CheckLimits>;
  /** Folder below the suite's that the template looks into. */
  readonly files?: string;
  /** Changes the template's text first: self-contained ones name the port. */
  readonly edit?: (source: string) => string;
}

/** What came of a run: the number of results, and how the check ended; in words when it could not be run. */
export interface CaseGot {
  readonly results: number;
  readonly result: CheckResult | null;
  readonly matches: readonly CheckMatch[];
  readonly problem: string;
}

/** What a case may use. Everything that it starts with `own` is closed after it. */
export interface CaseTools {
  readonly folder: string;
  readonly template: string;
  run(run: CaseRun): Promise<CaseGot>;
  own<T extends { close(): unknown }>(thing: T): T;
}

/** How a case ended. */
export interface CaseOutcome {
  readonly got: string;
  readonly ok: boolean;
  /** Why it is not as expected. */
  readonly detail: string;
}

/** Plays a case: starts its servers, runs its template, judges. `expect` is what the table of cases says. */
export type CasePlay = (tools: CaseTools, expect: number | string) => Promise<CaseOutcome>;

/** Judges by the number of results: `2`, or one of `1 or 2`. Nothing found counts only when the question was answered. */
export function judgeCount({ results, result, problem }: CaseGot, expect: number | string): CaseOutcome {
  const wanted = String(expect)
    .split(' or ')
    .map((word) => Number(word));
  if (result === null) return { got: 'not run', ok: false, detail: problem };
  if (result.kind === 'not-evaluable') {
    const { reason, detail } = result.failure;
    return { got: 'not evaluable', ok: false, detail: `${reason}: ${detail}` };
  }
  const ok = wanted.includes(results);
  return { got: String(results), ok, detail: ok ? '' : `${results} results` };
}

/** Adds a further condition to an outcome; `fault` is empty when it holds. */
export function also(outcome: CaseOutcome, fault: string): CaseOutcome {
  return outcome.ok && fault !== '' ? { ...outcome, ok: false, detail: fault } : outcome;
}
