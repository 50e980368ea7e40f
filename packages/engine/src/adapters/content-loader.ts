import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { filesBelow } from '@picket/base/adapters/template-files';
import { describeError, userError } from '@picket/base/error';
import { loadTemplateTree, type TemplateTree, type TreeTemplate } from '@picket/checks/adapters/template-tree';
import { type ContentManifest, parseContentManifest } from '@picket/checks/content-manifest';
import { FingerprintDb } from '@picket/checks/fingerprints/fingerprint-db';
import type { FingerprintFile } from '@picket/checks/fingerprints/fingerprint-file';
import { loadFingerprintFile } from '@picket/checks/fingerprints/load-fingerprint-file';
import type { ContentLibrary, ContentProblem } from '../checks/content-library.ts';

const largestFile = 16 * 1024 * 1024;

interface LoadRun {
  readonly content: string;
  readonly cacheDirectory: string | null;
  readonly problems: ContentProblem[];
}

/**
 * Loads a content folder: `manifest.json`, `checks/**.yaml`, `fingerprints/**.xml`, and then the templates of further folders, such
 * as a public collection. Throws only when a folder as a whole cannot be used; a bad item is reported in `problems` and the rest
 * is loaded. An id that is there twice stays with the folder that came first. `cacheDirectory` remembers what compiling gave; null:
 * nothing is remembered.
 */
export async function loadContent(
  directory: string,
  templateDirectories: readonly string[] = [],
  cacheDirectory: string | null = null,
): Promise<ContentLibrary> {
  const manifest = await readManifest(directory);
  const problems: ContentProblem[] = [];
  const taken = new Map<string, TreeTemplate>();
  const run = { content: directory, cacheDirectory, problems };
  for (const folder of [directory, ...templateDirectories]) await addTemplates(taken, folder, run);
  const fingerprints = await loadFingerprints(directory, problems);
  const templates = [...taken.values()];
  const checks = templates.flatMap(({ check, workflow }) => (workflow === null ? [check] : []));
  const workflows = templates.flatMap(({ workflow }) => workflow ?? []);
  return { version: manifest.version, digest: digestOf(templates), checks, workflows, fingerprints, problems };
}

function digestOf(templates: readonly TreeTemplate[]): string {
  const hash = createHash('sha256');
  for (const { check, digest } of templates) hash.update(`${check.id} ${digest}\n`);
  return hash.digest('base64url');
}

async function readManifest(directory: string): Promise<ContentManifest> {
  const file = join(directory, 'manifest.json');
  const hint = 'Give a folder with manifest.json, checks/ and fingerprints/ of a release that fits this software.';
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw userError(
      'content.manifest-unreadable',
      `The content manifest ${file} can't be read: ${describeError(error)}.`,
      hint,
    );
  }
  const manifest = parseContentManifest(text);
  if (manifest.ok) return manifest.value;
  throw userError('content.manifest-invalid', `The content manifest ${file} can't be used: ${manifest.error}.`, hint);
}

/** Takes every template of a folder that lies beside the content or is the content itself. */
async function addTemplates(taken: Map<string, TreeTemplate>, directory: string, run: LoadRun): Promise<void> {
  const tree = await readTree(directory, run.cacheDirectory);
  const nameOf = (path: string) => (directory === run.content ? path : join(directory, path));
  for (const { path, kind, message } of tree.problems) run.problems.push({ file: nameOf(path), kind, message });
  for (const template of tree.templates) {
    const { id } = template.check;
    const file = nameOf(template.path);
    if (!taken.has(id)) taken.set(id, template);
    else run.problems.push({ file, kind: 'duplicate', message: `The id ${id} is taken by another file.` });
  }
}

async function readTree(directory: string, cacheDirectory: string | null): Promise<TemplateTree> {
  try {
    return await loadTemplateTree(directory, cacheDirectory);
  } catch (error) {
    throw userError(
      'content.templates-unreadable',
      `The template folder ${directory} can't be read: ${describeError(error)}.`,
      'Give a folder with templates, such as a copy of a public collection.',
    );
  }
}

async function loadFingerprints(directory: string, problems: ContentProblem[]): Promise<FingerprintDb> {
  const files: FingerprintFile[] = [];
  const folder = join(directory, 'fingerprints');
  for (const file of await filesBelow(folder, '.xml').catch(() => [])) {
    const name = relative(directory, file).split(sep).join('/');
    const source = await readBounded(file, name, problems);
    if (source === null) continue;
    const loaded = loadFingerprintFile(source, name, { keepExamples: false });
    if (loaded.ok) files.push(loaded.value);
    else problems.push({ file: name, kind: 'syntax', message: loaded.error.message });
  }
  const database = new FingerprintDb(files);
  for (const problem of database.problems)
    problems.push({ file: 'fingerprints', kind: 'syntax', message: JSON.stringify(problem).slice(0, 500) });
  return database;
}

async function readBounded(file: string, name: string, problems: ContentProblem[]): Promise<string | null> {
  try {
    const { size } = await stat(file);
    if (size <= largestFile) return await readFile(file, 'utf8');
    problems.push({
      file: name,
      kind: 'unreadable',
      message: `The file has ${size} bytes; at most ${largestFile} are read.`,
    });
  } catch (error) {
    problems.push({ file: name, kind: 'unreadable', message: describeError(error) });
  }
  return null;
}
