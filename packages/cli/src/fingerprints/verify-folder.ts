import { readdir, readFile } from 'node:fs/promises';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { describeError, userError } from '@picket/base/error';
import { checkExamples } from '@picket/checks/fingerprints/check-examples';
import { loadFingerprintFile } from '@picket/checks/fingerprints/load-fingerprint-file';

/** What became of the examples of one file. */
export interface VerifiedFile {
  /** Path below the folder, with slashes. */
  readonly file: string;
  readonly fingerprints: number;
  readonly examples: number;
  readonly examplesPassed: number;
  readonly values: number;
  readonly valuesPassed: number;
  /** Fingerprints that nothing proves. */
  readonly withoutExample: readonly string[];
  /** What failed and what was not understood, each as one line that names the fingerprint. */
  readonly faults: readonly string[];
}

export interface VerifyOptions {
  /** Also a fault: an example that meets another fingerprint of its file first, and a fingerprint without an example. */
  readonly strict: boolean;
}

/** Runs the examples of every fingerprint file below a folder. A user error when the folder holds none or can't be read. */
export async function verifyFolder(folder: string, options: VerifyOptions): Promise<VerifiedFile[]> {
  const files = await fingerprintFiles(folder);
  const verified: VerifiedFile[] = [];
  for (const path of files) verified.push(verifyText(await readFile(path, 'utf8'), path, folder, options));
  return verified;
}

async function fingerprintFiles(folder: string): Promise<string[]> {
  const hint = 'Give a folder with fingerprint files in the XML format of recog.';
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    throw userError(
      'cli.fingerprints-unreadable',
      `The folder ${folder} can't be read: ${describeError(error)}.`,
      hint,
    );
  });
  const files = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.xml'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  if (files.length > 0) return files;
  throw userError('cli.fingerprints-none', `There is no .xml file in ${folder} or below it.`, hint);
}

function verifyText(xml: string, path: string, folder: string, options: VerifyOptions): VerifiedFile {
  const file = relative(folder, path).split(sep).join('/') || basename(path);
  const loaded = loadFingerprintFile(xml, path);
  const nothing = { examples: 0, examplesPassed: 0, values: 0, valuesPassed: 0 };
  if (!loaded.ok) return { file, fingerprints: 0, ...nothing, withoutExample: [], faults: [loaded.error.message] };
  const { fingerprints, problems } = loaded.value;
  const { failures, ...totals } = checkExamples(loaded.value, exampleBytes(folder), { firstMatch: options.strict });
  const withoutExample = fingerprints.filter((each) => each.examples.length === 0).map((each) => each.description);
  return {
    file,
    fingerprints: fingerprints.length,
    ...totals,
    withoutExample,
    faults: [
      ...problems.map(({ line, message }) => `line ${line}: ${message}`),
      ...failures.map(({ item, message }) => `${item}: ${message}`),
      ...(options.strict ? withoutExample.map((item) => `${item}: It has no example.`) : []),
    ],
  };
}

/** Examples may name a file that lies beside theirs or below; nothing outside the folder is read for them. */
function exampleBytes(folder: string): (source: string, fileName: string) => Uint8Array | null {
  const root = resolve(folder) + sep;
  return (source, fileName) => {
    const path = resolve(dirname(source), fileName);
    return path.startsWith(root) && existsSync(path) ? readFileSync(path) : null;
  };
}
