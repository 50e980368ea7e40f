import { existsSync } from 'node:fs';
import { readFile, realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { packFiles } from '@picket/base/adapters/pack-files';
import { describeError, type PicketError, userError } from '@picket/base/error';
import { openPack } from '@picket/checks/adapters/template-tree';
import type { CompiledCheck } from '@picket/checks/check';
import { compileCheck } from '@picket/checks/compile-check';
import { linkWorkflow, type Workflow } from '@picket/checks/workflow/link-workflow';

/** A template by itself, and its parts if it is a workflow. */
export interface OneTemplate {
  readonly check: CompiledCheck;
  readonly workflow: Workflow | null;
}

/**
 * Compiles one template file with the word lists and parts of its pack: the folder `pack`, or the one that it seems to lie in. A user
 * error when it can't be run.
 */
export async function loadOneTemplate(path: string, pack: string | null): Promise<OneTemplate> {
  const source = await readFile(path, 'utf8').catch((error: unknown) => {
    throw userError('cli.template-unreadable', `The template ${path} can't be read: ${describeError(error)}.`);
  });
  const file = await realpath(path);
  const folder = pack === null ? packOf(file) : await folderOf(pack);
  const compiled = compileCheck(source, packFiles(folder));
  if (!compiled.ok) throw refused(path, compiled.error.problems);
  if (compiled.value.workflow === null) return { check: compiled.value, workflow: null };
  const workflow = linkWorkflow(compiled.value, pathIn(folder, file), await openPack(folder));
  if ('steps' in workflow) return { check: workflow.check, workflow };
  throw refused(path, workflow, `Its pack is ${folder}; --pack names another.`);
}

function refused(path: string, problems: readonly { readonly message: string }[], hint?: string): PicketError {
  const reasons = problems.map(({ message }) => message).join(' ');
  const help = hint ?? '"picket content lint" says more.';
  return userError('cli.template-refused', `The template ${path} can't be run: ${reasons}`, help);
}

async function folderOf(pack: string): Promise<string> {
  return realpath(pack).catch((error: unknown) => {
    throw userError('cli.pack-unreadable', `The pack ${pack} can't be read: ${describeError(error)}.`);
  });
}

/** With slashes; the name alone of a workflow that lies outside of the pack. */
function pathIn(folder: string, file: string): string {
  const path = relative(folder, file);
  return path.startsWith('..') ? basename(file) : path.split(sep).join('/');
}

/** The nearest folder above a template that looks like the top of a pack, or has it in a folder for workflows; else its own. */
function packOf(path: string): string {
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder))
    if (['manifest.json', 'helpers', 'LICENSE.md', '.git'].some((name) => existsSync(join(folder, name))))
      return folder;
  const own = dirname(path);
  return /^workflows?$/.test(basename(own)) ? dirname(own) : own;
}
