import { statSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeError } from '@picket/base/error';
import type { CompiledCheck } from '../check.ts';
import { type SignatureState, signatureState } from '../signature.ts';
import { compileTree, programOf, readTemplate } from '../compile-check.ts';
import type { PackFiles, TemplateProblem } from '../template/reader.ts';
import type { YamlMap } from '../yaml-tree.ts';
import { digest, type FileState, type TemplateCache, treeText } from './template-cache.ts';

/** Why a file gives no check. */
export interface LoadProblem {
  readonly kind: 'syntax' | 'unsupported' | 'unreadable';
  readonly message: string;
}
type Problems = LoadProblem[];

/** A folder of templates. */
export interface TemplateSource {
  readonly directory: string;
  /** Word lists and the like that its templates name. */
  readonly files: PackFiles;
  /** Null: everything is compiled. */
  readonly cache: TemplateCache | null;
}

/** Largest template that is read, bytes. */
const largest = 16 * 1024 * 1024;

/** The check of one file, and who wrote it. */
export interface LoadedTemplate {
  readonly check: CompiledCheck;
  readonly signature: SignatureState;
  /** Of what the file says, comments and spaces aside: the same on every machine. */
  readonly digest: string;
}

/** The check of one file, out of the cache when nothing has changed; or every reason why it can't be run. */
export function loadTemplate(source: TemplateSource, path: string): LoadedTemplate | Problems {
  const { directory, cache } = source;
  const file = join(directory, path);
  const state = stateOf(file);
  if (state === null) return [{ kind: 'unreadable', message: "The file can't be read." }];
  if (state.size > largest)
    return [{ kind: 'unreadable', message: `The file has ${state.size} bytes; at most ${largest} are read.` }];
  const cached = cache?.get(path, state, (name) => stateOf(join(directory, name))) ?? null;
  if (cached === null || cache === null) return compileFile(source, path, state);
  cache.keep(path, cached);
  if (cached.header === null) return told(cached.problems);
  const tree = cache.treeOf(cached);
  const program = programOf(() => tree() ?? treeOfFile(file), source.files);
  return { check: { ...cached.header, program }, signature: cached.signature, digest: cached.digest };
}

function compileFile(source: TemplateSource, path: string, state: FileState): LoadedTemplate | Problems {
  const file = join(source.directory, path);
  const asked = new Map<string, FileState | null>();
  const files: PackFiles = (name) => {
    asked.set(name, stateOf(join(source.directory, name)));
    return source.files(name);
  };
  const text = textOf(file);
  if (!text.ok) return [{ kind: 'unreadable', message: text.error }];
  const tree = readTemplate(text.value);
  if (!tree.ok) return told([{ kind: 'syntax', path: '', what: 'yaml', message: tree.error }]);
  const compiled = compileTree(tree.value, files, () => treeOfFile(file));
  const problems = compiled.ok ? [] : compiled.error.problems;
  const header = compiled.ok ? headerOf(compiled.value) : null;
  const signature = signatureState(text.value);
  const kept = treeText(compiled.ok ? tree.value : null);
  const found = { state, header, problems, signature, files: [...asked], digest: digest(kept) };
  source.cache?.add(path, found, kept);
  return compiled.ok ? { check: compiled.value, signature, digest: found.digest } : told(problems);
}

const headerOf = ({ program: _program, ...header }: CompiledCheck) => header;

const told = (problems: readonly TemplateProblem[]): Problems =>
  problems.map(({ kind, message }) => ({ kind, message }));

/** The tree of a file that was read before; throws when it can't be read any more: its check is then not evaluable. */
function treeOfFile(file: string): YamlMap {
  const text = textOf(file);
  const tree = text.ok ? readTemplate(text.value) : text;
  if (tree.ok) return tree.value;
  throw new Error(`The template ${file} can't be read any more: ${tree.error}`);
}

function textOf(file: string): { ok: true; value: string } | { ok: false; error: string } {
  try {
    return { ok: true, value: readFileSync(file, 'utf8') };
  } catch (error) {
    return { ok: false, error: describeError(error) };
  }
}

/** Null: there is no plain file. */
function stateOf(file: string): FileState | null {
  try {
    const status = statSync(file);
    return status.isFile() ? { size: status.size, mtimeMs: status.mtimeMs } : null;
  } catch {
    return null;
  }
}
