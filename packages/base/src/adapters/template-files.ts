import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

/** Most templates of one folder that are read. */
const mostFiles = 50_000;

/** A folder of templates: with a manifest it is content of ours, without one a plain tree such as a public collection. */
export interface TemplateFolder {
  readonly kind: 'content' | 'tree';
  /** Also the root of the word lists that its templates name. */
  readonly directory: string;
  /** Paths of the templates below the folder, with slashes, in order. */
  readonly templates: readonly string[];
  /** Paths of the example files of checks (`ID.examples.yaml`). */
  readonly examples: readonly string[];
}

const examplesEnding = '.examples.yaml';

/**
 * Lists the templates of a folder: content has them in `checks/`, a tree anywhere but in hidden folders. Links are not followed, so
 * content stays inside its folder. A folder that can't be read rejects with the reason.
 */
export async function templateFolder(directory: string): Promise<TemplateFolder> {
  const kind = existsSync(join(directory, 'manifest.json')) ? 'content' : 'tree';
  const root = kind === 'content' ? join(directory, 'checks') : directory;
  const files = kind === 'content' && !existsSync(root) ? [] : await filesBelow(root, '.yaml');
  const paths = files.map((file) => relative(directory, file).split(sep).join('/')).slice(0, mostFiles);
  return {
    kind,
    directory,
    templates: paths.filter((path) => !path.endsWith(examplesEnding)),
    examples: paths.filter((path) => path.endsWith(examplesEnding)),
  };
}

/** Files with an ending, in the order of their names, without those in hidden folders. Links are not followed. */
export async function filesBelow(directory: string, ending: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter(
      (file) =>
        !relative(directory, file)
          .split(sep)
          .some((part) => part.startsWith('.')),
    )
    .sort();
}
