import { resolve } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import { packFiles } from '@picket/base/adapters/pack-files';
import { templateFolder } from '@picket/base/adapters/template-files';
import type { CompiledCheck } from '../check.ts';
import type { SignatureState } from '../signature.ts';
import { linkWorkflow, readsFiles, type Workflow, type WorkflowPack } from '../workflow/link-workflow.ts';
import { TemplateCache } from './template-cache.ts';
import { type LoadedTemplate, loadTemplate, type LoadProblem } from './template-loader.ts';

/** What a template of a folder gave. */
export interface TreeTemplate {
  /** Path below the folder, with slashes. */
  readonly path: string;
  readonly check: CompiledCheck;
  /** It is a workflow, and these are its parts; null: it is none. */
  readonly workflow: Workflow | null;
  readonly signature: SignatureState;
  /** Of what its file says. */
  readonly digest: string;
}

/** The templates of a folder, in the order of their paths. */
export interface TemplateTree {
  readonly kind: 'content' | 'tree';
  readonly templates: readonly TreeTemplate[];
  /** Templates that a scan does not run, and every reason why not. */
  readonly problems: readonly (LoadProblem & { readonly path: string })[];
}

/** Why a scan runs no template that looks into files. */
export const filesAreNotScanned =
  'file: it looks into files, and a scan reads none of a host; "picket content run --target FOLDER" runs it';

/**
 * Loads the templates of a content folder or a plain tree for scans; a bad one is told of and the rest is loaded. What compiling gives is
 * remembered in `cacheDirectory`; null: nothing is. Rejects when the folder as a whole can't be read.
 */
export async function loadTemplateTree(directory: string, cacheDirectory: string | null): Promise<TemplateTree> {
  const { kind, templates: paths } = await templateFolder(directory);
  const cache = cacheDirectory === null ? null : new TemplateCache(cacheDirectory, resolve(directory));
  const source = { directory, files: packFiles(directory), cache };
  const loaded = new Map<string, LoadedTemplate | readonly LoadProblem[]>();
  for (const path of paths) {
    loaded.set(path, loadTemplate(source, path));
    // Thousands of files are work for seconds: whoever shares this thread gets a turn.
    if (loaded.size % 50 === 0) await breathe();
  }
  cache?.write();
  return { kind, ...sorted({ paths, load: (path) => checkOf(loaded.get(path)) }, loaded) };
}

/** The templates of a folder, each compiled when it is asked for. */
export async function openPack(directory: string): Promise<WorkflowPack> {
  const { templates: paths } = await templateFolder(directory);
  const source = { directory, files: packFiles(directory), cache: null };
  const own = new Set(paths);
  const known = new Map<string, ReturnType<WorkflowPack['load']>>();
  const load = (path: string) => {
    const loaded = known.get(path) ?? checkOf(own.has(path) ? loadTemplate(source, path) : undefined);
    known.set(path, loaded);
    return loaded;
  };
  return { paths, load };
}

function checkOf(loaded: LoadedTemplate | readonly LoadProblem[] | undefined): ReturnType<WorkflowPack['load']> {
  if (loaded === undefined) return [{ message: 'The pack has no such file.' }];
  return 'check' in loaded ? loaded.check : loaded;
}

function sorted(
  pack: WorkflowPack,
  loaded: ReadonlyMap<string, LoadedTemplate | readonly LoadProblem[]>,
): Omit<TemplateTree, 'kind'> {
  const templates: TreeTemplate[] = [];
  const problems: (LoadProblem & { path: string })[] = [];
  for (const [path, each] of loaded) {
    if (!('check' in each)) problems.push(...each.map((problem) => ({ ...problem, path })));
    else if (readsFiles(each.check)) problems.push({ path, kind: 'unsupported', message: filesAreNotScanned });
    else if (each.check.workflow === null) templates.push({ path, ...each, workflow: null });
    else {
      const workflow = linkWorkflow(each.check, path, pack);
      if ('steps' in workflow) templates.push({ path, ...each, check: workflow.check, workflow });
      else problems.push(...workflow.map(({ kind, message }) => ({ path, kind, message })));
    }
  }
  return { templates, problems };
}
