import { basename } from 'node:path';
import type { TemplateFolder } from '@picket/base/adapters/template-files';
import {
  type ContentTestCase,
  readExamples,
  testExamples,
  testTraps,
} from '@picket/engine/content-testing/content-test';
import { readsFiles } from '@picket/checks/workflow/link-workflow';
import { type JudgedTemplate, judgeFolder } from './judge-folder.ts';

export interface ContentTestOptions {
  /** Only this check; null: all. */
  readonly only: string | null;
  /** Also against servers that mean nothing. */
  readonly traps: boolean;
}

/** Runs the checks of a folder against their example servers on the loopback address, check by check. */
export async function* testFolder(
  folder: TemplateFolder,
  options: ContentTestOptions,
): AsyncGenerator<ContentTestCase> {
  for await (const judged of judgeFolder(folder)) {
    if (options.only !== null && judged.id !== options.only) continue;
    yield* await testOne(folder, judged, options);
  }
}

async function testOne(
  folder: TemplateFolder,
  { file, id, check, problems }: JudgedTemplate,
  options: ContentTestOptions,
): Promise<readonly ContentTestCase[]> {
  const failed = (title: string, message: string) => [{ check: id, title, ok: false, message }];
  if (check === null) return failed('can be run', problems.map(({ message }) => message).join(' '));
  if (check.workflow !== null || readsFiles(check))
    return failed(
      'has examples',
      'examples are servers, and there are none for workflows and for templates that look into files',
    );
  const path = file.replace(/[^/]*$/, `${basename(file, '.yaml')}.examples.yaml`);
  if (!folder.examples.includes(path)) return failed('has examples', `there is no file ${path}`);
  const examples = await readExamples(folder.directory, path);
  if (typeof examples === 'string') return failed('has examples', examples);
  const cases = await testExamples(check, examples);
  return options.traps ? [...cases, ...(await testTraps(check))] : cases;
}
