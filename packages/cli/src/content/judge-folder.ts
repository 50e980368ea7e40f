import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { packFiles } from '@picket/base/adapters/pack-files';
import { type TemplateFolder, templateFolder } from '@picket/base/adapters/template-files';
import { describeError, userError } from '@picket/base/error';
import { openPack } from '@picket/checks/adapters/template-tree';
import type { CompiledCheck } from '@picket/checks/check';
import { compileCheck } from '@picket/checks/compile-check';
import { type SignatureState, signatureState } from '@picket/checks/signature';
import { problemLine } from '@picket/checks/template/problem-line';
import type { TemplateProblem } from '@picket/checks/template/reader';
import { linkWorkflow } from '@picket/checks/workflow/link-workflow';

/** One template of a folder and what can be done with it. */
export interface JudgedTemplate {
  /** Path below the folder. */
  readonly file: string;
  /** The file's name where the template tells no id. */
  readonly id: string;
  readonly check: CompiledCheck | null;
  readonly signature: SignatureState;
  readonly problems: readonly LocatedProblem[];
}

export interface LocatedProblem extends TemplateProblem {
  /** From 1; null when it is not known. */
  readonly line: number | null;
}

/** Largest template that is read, bytes. */
const largest = 16 * 1024 * 1024;

/** Lists the templates of a folder; a user error when it can't be read or has none. */
export async function openFolder(directory: string): Promise<TemplateFolder> {
  const hint =
    'Give a content folder (manifest.json, checks/) or a folder with templates, such as a public collection.';
  const folder = await templateFolder(directory).catch((error: unknown) => {
    throw userError('cli.content-unreadable', `The folder ${directory} can't be read: ${describeError(error)}.`, hint);
  });
  if (folder.templates.length > 0) return folder;
  throw userError('cli.content-none', `There is no template (*.yaml) in ${directory} or below it.`, hint);
}

/** Compiles every template of a folder, one at a time, as an appliance would. Nothing is sent. */
export async function* judgeFolder(folder: TemplateFolder): AsyncGenerator<JudgedTemplate> {
  const files = packFiles(folder.directory);
  let opened: ReturnType<typeof openPack> | null = null;
  const pack = () => (opened ??= openPack(folder.directory));
  const owners = new Map<string, string>();
  for (const file of folder.templates) {
    const source = await readTemplate(join(folder.directory, file));
    const alone = 'problem' in source ? unread(file, source.problem) : judge(file, source.text, files);
    const judged = 'text' in source && alone.check?.workflow ? await linked(alone, source.text, pack()) : alone;
    const owner = owners.get(judged.id);
    if (owner === undefined) owners.set(judged.id, file);
    yield owner === undefined ? judged : duplicate(judged, owner);
  }
}

async function readTemplate(path: string): Promise<{ text: string } | { problem: string }> {
  try {
    const { size } = await stat(path);
    if (size > largest) return { problem: `The file has ${size} bytes; at most ${largest} are read.` };
    return { text: await readFile(path, 'utf8') };
  } catch (error) {
    return { problem: describeError(error) };
  }
}

function judge(file: string, text: string, files: (path: string) => string | null): JudgedTemplate {
  const compiled = compileCheck(text, files);
  const signature = signatureState(text);
  if (compiled.ok) return { file, id: compiled.value.id, check: compiled.value, signature, problems: [] };
  const { id, problems } = compiled.error;
  const located = problems.map((problem) => ({ ...problem, line: lineOf(text, problem) }));
  return { file, id: id === null || id === '' ? nameOf(file) : id, check: null, signature, problems: located };
}

/** A workflow is as good as its parts. */
async function linked(
  judged: JudgedTemplate,
  text: string,
  pack: ReturnType<typeof openPack>,
): Promise<JudgedTemplate> {
  const { check, file } = judged;
  const workflow = check && linkWorkflow(check, file, await pack);
  if (workflow === null) return judged;
  if ('steps' in workflow) return { ...judged, check: workflow.check };
  return { ...judged, check: null, problems: workflow.map((problem) => ({ ...problem, line: lineOf(text, problem) })) };
}

/** The parser says the line in its message; for the rest the place is looked up. */
function lineOf(text: string, problem: TemplateProblem): number | null {
  const said = /^Line (\d+): /.exec(problem.message)?.[1];
  return said === undefined ? problemLine(text, problem.path) : Number(said);
}

function unread(file: string, message: string): JudgedTemplate {
  const problem = { kind: 'syntax', path: '', what: 'unreadable', message, line: null } as const;
  return { file, id: nameOf(file), check: null, signature: 'none', problems: [problem] };
}

function duplicate(judged: JudgedTemplate, owner: string): JudgedTemplate {
  const message = `id: "${judged.id}" is the id of ${owner} too.`;
  const problem = { kind: 'syntax', path: 'id', what: 'duplicate', message, line: null } as const;
  return { ...judged, check: null, problems: [...judged.problems, problem] };
}

function nameOf(file: string): string {
  return basename(file, '.yaml');
}
