import { casePlays } from './case-plays.ts';
import { type CaseOutcome, type ConformanceCase, readCases } from './conformance-case.ts';
import { type DslReport, runDslCases } from './dsl-cases.ts';
import { runCase } from './run-case.ts';

export interface PlayedCase {
  readonly one: ConformanceCase;
  readonly outcome: CaseOutcome;
}

/** What the whole suite came to. */
export interface SuiteReport {
  readonly cases: readonly PlayedCase[];
  readonly dsl: DslReport;
}

/** Plays every case whose template has `only` in its path, one after the other, and all expressions. */
export async function runSuite(
  folder: string,
  options: { readonly only?: string; readonly tell?: (played: PlayedCase) => void } = {},
): Promise<SuiteReport> {
  const cases: PlayedCase[] = [];
  for (const one of readCases(folder)) {
    if (!one.template.includes(options.only ?? '')) continue;
    const played = { one, outcome: await runCase(folder, one, casePlays[one.template]) };
    cases.push(played);
    options.tell?.(played);
  }
  return { cases, dsl: runDslCases(folder) };
}
