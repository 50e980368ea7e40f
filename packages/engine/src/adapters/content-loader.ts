import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { packFiles } from '@picket/base/adapters/pack-files';
import { describeError, userError } from '@picket/base/error';
import type { CompiledCheck } from '@picket/checks/check';
import { compileCheck } from '@picket/checks/compile-check';
import { type ContentManifest, parseContentManifest } from '@picket/checks/content-manifest';
import { FingerprintDb } from '@picket/checks/fingerprints/fingerprint-db';
import type { FingerprintFile } from '@picket/checks/fingerprints/fingerprint-file';
import { loadFingerprintFile } from '@picket/checks/fingerprints/load-fingerprint-file';
import type { ContentLibrary, ContentProblem } from '../checks/content-library.ts';

const largestFile = 16 * 1024 * 1024;
const mostFiles = 50_000;

/**
 * Loads a content folder: `manifest.json`, `checks/**.yaml`, `fingerprints/**.xml`. Throws only when the folder as a whole
 * cannot be used; a bad item is reported in `problems` and the rest is loaded.
 */
export async function loadContent(directory: string): Promise<ContentLibrary> {
  const manifest = await readManifest(directory);
  const problems: ContentProblem[] = [];
  const checks = await loadChecks(directory, problems);
  const fingerprints = await loadFingerprints(directory, problems);
  return { version: manifest.version, checks, fingerprints, problems };
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

/** Compiles every template below a folder; used for our own pack and for feeds. */
export async function loadChecks(directory: string, problems: ContentProblem[]): Promise<CompiledCheck[]> {
  const checks: CompiledCheck[] = [];
  const known = new Set<string>();
  const files = packFiles(directory);
  for (const file of await filesBelow(join(directory, 'checks'), '.yaml')) {
    const name = relative(directory, file).split(sep).join('/');
    const source = await readBounded(file, name, problems);
    if (source === null || name.endsWith('.examples.yaml')) continue;
    const compiled = compileCheck(source, files);
    if (!compiled.ok) {
      for (const { kind, message } of compiled.error.problems) problems.push({ file: name, kind, message });
    } else if (known.has(compiled.value.id)) {
      problems.push({
        file: name,
        kind: 'duplicate',
        message: `The id ${compiled.value.id} is taken by another file.`,
      });
    } else {
      known.add(compiled.value.id);
      checks.push(compiled.value);
    }
  }
  return checks;
}

/** Paths of all example files, inside the content folder. */
export async function exampleFiles(directory: string): Promise<string[]> {
  const files = await filesBelow(join(directory, 'checks'), '.examples.yaml');
  return files.map((file) => relative(directory, file).split(sep).join('/'));
}

async function loadFingerprints(directory: string, problems: ContentProblem[]): Promise<FingerprintDb> {
  const files: FingerprintFile[] = [];
  for (const file of await filesBelow(join(directory, 'fingerprints'), '.xml')) {
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

/** Files with an extension, in the order of their names. Links are not followed: content stays inside its folder. */
async function filesBelow(directory: string, extension: string): Promise<string[]> {
  let entries: { name: string; parentPath: string; isFile(): boolean }[];
  try {
    entries = await readdir(directory, { recursive: true, withFileTypes: true });
  } catch {
    return [];
  }
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(extension))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .slice(0, mostFiles);
}
