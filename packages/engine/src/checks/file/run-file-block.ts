import { fromText } from '@picket/checks/byte-string';
import type { DslValue } from '@picket/checks/dsl/value';
import { type FileBlock, looksInto } from '@picket/checks/protocols/file/file-block';
import type { ProgramRun } from '../program/program-run.ts';
import type { TargetFile, TargetFiles } from './target-files.ts';

/** Bytes of all files together that one block looks at. */
const mostBytes = 256 * 1024 * 1024;

/** Runs a `file` block over the files of the folder. True when one of them matched. What was not looked at is noted in `run`. */
export async function runFileBlock(block: FileBlock, run: ProgramRun): Promise<boolean> {
  const { files } = run.session;
  if (files === null) {
    run.fail({ reason: 'check-unsupported', detail: 'it looks into files, and a scan reads none of a host' });
    return false;
  }
  const listed = await files.list();
  if (!listed.ok) {
    run.fail({ reason: 'check-unsupported', detail: listed.error });
    return false;
  }
  if (listed.value.left !== '') run.fail({ reason: 'local-limit', detail: listed.value.left });
  let matched = false;
  let bytes = 0;
  for (const file of listed.value.files) {
    if (!looksInto(block, file.path) || (!block.recursive && file.path.includes('/'))) continue;
    if (run.overdue()) return matched;
    bytes += Math.min(file.size, block.maxSize);
    if (bytes > mostBytes) {
      run.fail({
        reason: 'local-limit',
        detail: `more than ${mostBytes} bytes of files: ${file.path} and the rest were left`,
      });
      return matched;
    }
    matched = (await lookInto({ block, file, files }, run)) || matched;
  }
  return matched;
}

async function lookInto(
  { block, file, files }: { readonly block: FileBlock; readonly file: TargetFile; readonly files: TargetFiles },
  run: ProgramRun,
): Promise<boolean> {
  const content = await files.read(file.path, block.maxSize);
  if (!content.ok) {
    run.fail({ reason: 'connection-failed', detail: content.error });
    return false;
  }
  const parts = ['raw', 'body', 'all', 'data'].map((name) => [name, content.value] as const);
  const scope = new Map<string, DslValue>([...run.scope, ...parts, ['path', fromText(file.path)]]);
  const result = await run.judge(block.operators, scope);
  if (result.matched) {
    const { operators } = block;
    run.report(operators, result, {
      place: fromText(file.path),
      request: '',
      response: excerpt(content.value, result.extracted),
    });
  } else if (file.size > block.maxSize)
    run.fail({ reason: 'local-limit', detail: `only the first ${block.maxSize} bytes of ${file.path} were looked at` });
  return result.matched;
}

/** Bytes around what was found, before and after it. */
const around = 512;

/** The part of a file that shows what was found; its beginning when nothing was extracted. */
function excerpt(content: string, extracted: readonly string[]): string {
  const at = Math.max(0, content.indexOf(extracted[0] ?? ''));
  return content.slice(Math.max(0, at - around), at + (extracted[0]?.length ?? 0) + around);
}
