import { basename, dirname, join } from 'node:path';
import type { TemplateFolder } from '@picket/base/adapters/template-files';
import { readExamples } from '@picket/engine/content-testing/content-test';
import { loadContent } from '@picket/engine/adapters/content-loader';
import { type JudgedTemplate, judgeFolder } from './judge-folder.ts';
import { wayOut } from './way-out.ts';

/** Something in a folder that somebody has to put right. */
export interface LintFault {
  readonly file: string;
  readonly line: number | null;
  /** Stable short word: `field:race`, `function:foo`, `value`. */
  readonly what: string;
  readonly message: string;
  readonly wayOut: string;
}

/** Everything that is wrong in a folder. Content of ours must also have examples, the id as file name, and good fingerprints. */
export async function* lintFolder(folder: TemplateFolder): AsyncGenerator<LintFault> {
  for await (const judged of judgeFolder(folder)) {
    for (const { line, what, message } of judged.problems) yield fault(judged.file, line, what, message);
    if (folder.kind === 'content') yield* lintOwn(folder, judged);
  }
  if (folder.kind === 'content') yield* lintFingerprints(folder);
}

async function* lintOwn(folder: TemplateFolder, { file, id }: JudgedTemplate): AsyncGenerator<LintFault> {
  if (basename(file, '.yaml') !== id) yield fault(file, null, 'name', `The id is "${id}", the file has another name.`);
  const examples = `${dirname(file)}/${basename(file, '.yaml')}.examples.yaml`;
  if (!folder.examples.includes(examples)) {
    yield fault(examples, null, 'examples', 'The check has no examples.');
    return;
  }
  const read = await readExamples(folder.directory, examples);
  if (typeof read === 'string') {
    yield fault(examples, null, 'examples', read);
    return;
  }
  for (const kind of ['match', 'none'] as const)
    if (!read.some((example) => example.expect === kind))
      yield fault(examples, null, 'examples', `No example expects "${kind}".`);
}

async function* lintFingerprints(folder: TemplateFolder): AsyncGenerator<LintFault> {
  const { problems } = await loadContent(folder.directory);
  for (const { file, kind, message } of problems)
    if (file.startsWith('fingerprints')) yield fault(file, null, kind, message);
}

function fault(file: string, line: number | null, what: string, message: string): LintFault {
  return { file, line, what, message: message.replace(/^Line \d+: /, ''), wayOut: wayOut(what) };
}

/** `checks/web/a.yaml:6: http[0].race: this field is not supported. Remove …` */
export function faultText(directory: string, { file, line, message, wayOut: way }: LintFault): string {
  return `${join(directory, file)}${line === null ? '' : `:${line}`}: ${/[.!?]$/.test(message) ? message : `${message}.`} ${way}`;
}
