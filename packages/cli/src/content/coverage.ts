import { readsFiles } from '@picket/checks/workflow/link-workflow';
import type { JudgedTemplate } from './judge-folder.ts';

/** How much of a folder can be run, and why the rest can't. */
export interface Coverage {
  /** Files that should be templates. */
  readonly total: number;
  /** Well-formed YAML with the id of a template. */
  readonly loaded: number;
  /** And every value, pattern and expression in them is right. */
  readonly compiled: number;
  /** And this software has all that they ask for. */
  readonly runnable: number;
  /** Of the runnable ones: run only where that is allowed, with the rules' reasons. */
  readonly intrusive: readonly { readonly id: string; readonly reasons: readonly string[] }[];
  /** Of the runnable ones: look into files, which no scan does; `picket content run` runs them. */
  readonly onFiles: readonly string[];
  /** Carry a publisher's digest that nobody has checked. */
  readonly unverified: number;
  readonly notRunnable: readonly NotRunnable[];
}

export interface NotRunnable {
  readonly id: string;
  readonly file: string;
  readonly reasons: readonly {
    readonly kind: 'syntax' | 'unsupported';
    readonly what: string;
    readonly message: string;
  }[];
}

/** Counts a folder. */
export async function coverageOf(templates: AsyncIterable<JudgedTemplate>): Promise<Coverage> {
  const count = { total: 0, loaded: 0, compiled: 0, runnable: 0, unverified: 0 };
  const intrusive: { id: string; reasons: readonly string[] }[] = [];
  const onFiles: string[] = [];
  const notRunnable: NotRunnable[] = [];
  for await (const { id, file, check, problems, signature } of templates) {
    count.total += 1;
    if (signature === 'unverified') count.unverified += 1;
    if (!problems.some(({ what, path }) => what === 'yaml' || what === 'unreadable' || path === 'id'))
      count.loaded += 1;
    if (!problems.some(({ kind }) => kind === 'syntax')) count.compiled += 1;
    if (problems.length > 0) {
      notRunnable.push({ id, file, reasons: problems.map(({ kind, what, message }) => ({ kind, what, message })) });
    } else count.runnable += 1;
    if (check !== null && readsFiles(check)) onFiles.push(id);
    if (check !== null && check.intrusive.length > 0) intrusive.push({ id, reasons: check.intrusive });
  }
  return { ...count, intrusive, onFiles, notRunnable };
}

/** Templates that lack the same thing. */
export interface ReasonGroup {
  readonly what: string;
  readonly templates: readonly string[];
}

/** Groups by each thing that is missing or wrong, the most frequent first; a template counts once in a group. */
export function reasonGroups(notRunnable: readonly NotRunnable[]): ReasonGroup[] {
  const groups = new Map<string, Set<string>>();
  for (const { id, reasons } of notRunnable) {
    for (const { what } of reasons) groups.set(what, (groups.get(what) ?? new Set()).add(id));
  }
  return [...groups]
    .map(([what, ids]) => ({ what, templates: [...ids] }))
    .sort((a, b) => b.templates.length - a.templates.length || a.what.localeCompare(b.what));
}
